{{- define "aeanomaly.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* At most 52 characters: a StatefulSet's pods carry a hash of ten and a hyphen in a label. */}}
{{- define "aeanomaly.fullname" -}}
{{- $name := include "aeanomaly.name" . }}
{{- $full := default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name)) .Values.fullnameOverride }}
{{- $full | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "aeanomaly.selectorLabels" -}}
app.kubernetes.io/name: {{ include "aeanomaly.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "aeanomaly.labels" -}}
{{- with .Values.commonLabels }}
{{- toYaml . }}
{{ end -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "aeanomaly.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "aeanomaly.serviceAccountName" -}}
{{- default (ternary (include "aeanomaly.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{- define "aeanomaly.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ default $.Chart.AppVersion .tag }}{{ end }}
{{- end }}
{{- end }}

{{/* The port at the end of http.listen. */}}
{{- define "aeanomaly.port" -}}
{{- .Values.config.http.listen | trimSuffix "/" | regexFind "[0-9]+$" | default "80" }}
{{- end }}

{{/* What the JSON Schema cannot say of the configuration: what holds within a cluster only. */}}
{{- define "aeanomaly.checkConfig" -}}
{{- $config := .Values.config }}
{{- if regexMatch "//(127\\.|localhost|\\[::1\\])" $config.http.listen }}
{{- fail (printf "config.http.listen is '%s': probes and Prometheus come from outside of the container. Listen on http://0.0.0.0:9464." $config.http.listen) }}
{{- end }}
{{- $secrets := dict "config.http.admin_token" $config.http.admin_token }}
{{- range $key, $value := $config.kafka.properties }}
{{- if regexMatch "(?i)(password|secret|token|jaas|key\\.pem|credentials)" $key }}
{{- $_ := set $secrets (printf "config.kafka.properties.%s" $key) $value }}
{{- end }}
{{- end }}
{{- range $key, $value := $secrets }}
{{- if and $value (not (regexMatch "^\\$\\{file:.+\\}$" (toString $value))) }}
{{- fail (printf "%s holds a secret, and the configuration becomes a ConfigMap that many can read. Put it into a Secret, mount that by 'secrets', and write ${file:/run/secrets/NAME/KEY} here." $key) }}
{{- end }}
{{- end }}
{{- $models := $config.models.directory }}
{{- if and (hasPrefix "/" $models) (not (hasPrefix "/var/lib/aeanomaly" $models)) (not .Values.extraVolumeMounts) }}
{{- fail (printf "config.models.directory is '%s', where nothing can be written: the volume is mounted at /var/lib/aeanomaly. Name a folder below it, or mount one there by 'extraVolumes' and 'extraVolumeMounts'." $models) }}
{{- end }}
{{- if and .Values.podMonitor.enabled .Values.serviceMonitor.enabled }}
{{- fail "podMonitor.enabled and serviceMonitor.enabled are both true: every metric would be read twice. Switch one off." }}
{{- end }}
{{- if and .Values.keda.enabled (lt (int .Values.keda.maxReplicas) (int .Values.keda.minReplicas)) }}
{{- fail (printf "keda.maxReplicas is %d, which is less than keda.minReplicas, %d." (int .Values.keda.maxReplicas) (int .Values.keda.minReplicas)) }}
{{- end }}
{{- end }}
