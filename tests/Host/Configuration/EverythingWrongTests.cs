namespace AEAnomaly.Host.Tests.Configuration;

/// <summary>One test for each options class with everything wrong: each error names its line, key path, the value found and what is allowed.</summary>
public sealed class EverythingWrongTests
{
    private const string Duration = "expected a duration above 0, written like 30s, 15m, 24h, 7d or 1h30m";

    [Fact]
    public void Load_DetectorWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 4: detectors[0].name: found 'Bad Name'; expected a text like [a-z0-9][a-z0-9._-]{0,62}.",
                "line 5: detectors[0].topics: found an empty list; expected a list of at least 1.",
                "line 6: detectors[0].format: found 'xml'; expected json.",
                "line 7: detectors[0].fields: found 'none'; expected a list of at least 1.",
                "line 8: detectors[0].fit: found a list; expected a section with keys such as 'seed', 'held_out_share', 'max_steps', 'batch_size'.",
                "line 9: detectors[0].training: found '7'; expected a section with keys such as 'every', 'window', 'max_records', 'min_records'.",
                "line 10: detectors[0].treshold: is an unknown key; did you mean 'threshold'?",
                "line 11: detectors[0].dead_letter_topic: found 'a b'; expected a topic name: 1 to 249 letters, digits, '.', '_' and '-'.",
                "line 12: detectors[0].colour: is an unknown key; expected one of name, topics, format, fields, history, model, fit, training, threshold, alerts, window_memory_mib, window_rebuild_records, delivery, dead_letter_topic, dead_letter_limit, scores_topic.",
            ],
            Configured.Errors(
                """
                kafka:
                  bootstrap_servers: localhost:9092
                detectors:
                  - name: Bad Name
                    topics: []
                    format: xml
                    fields: none
                    fit: [1]
                    training: 7
                    treshold: {}
                    dead_letter_topic: a b
                    colour: blue
                """));

    [Fact]
    public void Load_DetectorWithNothing_ReportsWhatIsMissing() =>
        Assert.Equal(
            [
                "line 3: detectors[0].name: is missing; expected a text like [a-z0-9][a-z0-9._-]{0,62}.",
                "line 3: detectors[0].topics: is missing; expected a list of at least 1.",
                "line 3: detectors[0].fields: is missing; expected a list of at least 1.",
            ],
            Configured.Errors("kafka: {bootstrap_servers: 'localhost:9092'}\ndetectors:\n  - format: json\n"));

    [Fact]
    public void Load_FieldsWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 6: detectors[0].fields[0].name: found ''; expected a text.",
                "line 7: detectors[0].fields[0].kind: found 'number'; expected one of numeric, categorical, boolean, timestamp, key, label, ignore.",
                "line 8: detectors[0].fields[0].scaling: found 'log'; expected one of auto, standard, robust, quantile, log1p.",
                "line 9: detectors[0].fields[0].max_categories: found '0'; expected a whole number from 1 to 1024.",
                "line 10: detectors[0].fields[0].required: found 'perhaps'; expected true or false, or null.",
                "line 11: detectors[0].fields[0].pass_through: found 'yes'; expected one of none, masked, plain.",
                "line 12: detectors[0].fields[0].path: found a list; expected a text, or null.",
                "line 13: detectors[0].fields[0].units: is an unknown key; did you mean 'unit'?",
                "line 14: detectors[0].fields[1]: found 'amount'; expected a section with keys such as 'name', 'path', 'kind', 'scaling'.",
            ],
            Configured.Errors(
                """
                kafka: {bootstrap_servers: 'localhost:9092'}
                detectors:
                  - name: payments
                    topics: [payments]
                    fields:
                      - name: ''
                        kind: number
                        scaling: log
                        max_categories: 0
                        required: perhaps
                        pass_through: "yes"
                        path: [a]
                        units: EUR
                      - amount
                """));

    [Fact]
    public void Load_FitWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 10: detectors[0].fit.seed: found '1.5'; expected a whole number.",
                "line 11: detectors[0].fit.held_out_share: found '0.9'; expected a number from 0.05 to 0.5.",
                "line 12: detectors[0].fit.max_steps: found '0'; expected a whole number from 1 to 10000000.",
                "line 13: detectors[0].fit.batch_size: found '99999999999'; expected a whole number from 1 to 65536.",
                "line 14: detectors[0].fit.learning_rate: found 'fast'; expected a number from 1E-07 to 1.",
                "line 15: detectors[0].fit.weight_decay: found '-1'; expected a number from 0 to 1.",
                "line 16: detectors[0].fit.gradient_clip_norm: found '.inf'; expected a number from 0 to 1000000.",
                "line 17: detectors[0].fit.patience: has no value; expected a whole number from 0 to 10000.",
                "line 18: detectors[0].fit.trim_share: found a section; expected a number from 0 to 0.5, or null.",
            ],
            Configured.Errors(
                Configured.Minimal +
                """
                    fit:
                      seed: 1.5
                      held_out_share: 0.9
                      max_steps: 0
                      batch_size: 99999999999
                      learning_rate: fast
                      weight_decay: -1
                      gradient_clip_norm: .inf
                      patience:
                      trim_share: {a: 1}
                """));

    [Fact]
    public void Load_HistoryWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 10: detectors[0].history.key: found 'amount', a field of kind numeric; expected a field of kind key or categorical, and none is declared.",
                "line 11: detectors[0].history.directory: found '~/history'; nothing expands ~ here. Write the whole path.",
                "line 12: detectors[0].history.save_every: found '10ms'; expected a duration from 100ms to 24h, written like 30s, 15m, 24h, 7d or 1h30m.",
                $"line 13: detectors[0].history.rebuild: found '1000'; {Duration}, or null.",
                "line 14: detectors[0].history.memory_mib: found '0'; expected a whole number from 1 to 1048576.",
                "line 15: detectors[0].history.training_records: found '5'; expected a whole number from 100 to 50000000.",
                "line 16: detectors[0].history.repartition: found 'by card'; expected a topic name: 1 to 249 letters, digits, '.', '_' and '-'.",
            ],
            Configured.Errors(
                Configured.Minimal +
                """
                    history:
                      key: amount
                      directory: ~/history
                      save_every: 10ms
                      rebuild: 1000
                      memory_mib: 0
                      training_records: 5
                      repartition: by card
                      remember: [gap]
                """));

    [Fact]
    public void Load_TrainingWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                $"line 10: detectors[0].training.every: found '5 minutes'; {Duration}, or null.",
                $"line 11: detectors[0].training.window: found '0s'; {Duration}, or null.",
                "line 12: detectors[0].training.max_records: found '99'; expected a whole number from 100 to 50000000.",
                "line 13: detectors[0].training.min_records: found '1e3'; expected a whole number from 100 to 50000000.",
                $"line 14: detectors[0].training.deadline: found '60'; {Duration}.",
            ],
            Configured.Errors(
                Configured.Minimal +
                """
                    training:
                      every: 5 minutes
                      window: 0s
                      max_records: 99
                      min_records: 1e3
                      deadline: 60
                """));

    [Fact]
    public void Load_ThresholdWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 10: detectors[0].threshold.method: found 'alert-rate'; expected one of quantile, alert_rate. Did you mean 'alert_rate'?",
                "line 11: detectors[0].threshold.quantile: found '1'; expected a number from 0.5 to 0.999999.",
                "line 12: detectors[0].threshold.alert_rate: found '1%'; expected a number from 1E-06 to 0.5.",
            ],
            Configured.Errors(
                Configured.Minimal +
                """
                    threshold:
                      method: alert-rate
                      quantile: 1
                      alert_rate: 1%
                """));

    [Fact]
    public void Load_AlertsWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 10: detectors[0].alerts.topic: found 'payments', which detectors[0].topics[0] reads; alerts must go to a topic that no detector reads.",
                "line 11: detectors[0].alerts.top_features: found '0'; expected a whole number from 1 to 50.",
                $"line 12: detectors[0].alerts.episode_gap: found '1m1h'; {Duration}.",
                "line 13: detectors[0].alerts.max_open_episodes: found 'many'; expected a whole number from 1 to 10000000.",
                "line 14: detectors[0].alerts.runbook: found a list; expected a text, or null.",
            ],
            Configured.Errors(
                Configured.Minimal +
                """
                    alerts:
                      topic: payments
                      top_features: 0
                      episode_gap: 1m1h
                      max_open_episodes: many
                      runbook: [a]
                """));

    [Fact]
    public void Load_HostSectionsWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 10: models.directory: found ''; expected a text.",
                "line 11: models.keep: found '1'; expected a whole number from 2 to 10000.",
                "line 13: http.listen: found 'localhost:9464'; expected an address such as http://127.0.0.1:9464 or http://0.0.0.0:9464.",
                "line 14: htp: is an unknown key; did you mean 'http'?",
            ],
            Configured.Errors(
                Configured.Minimal +
                """
                models:
                  directory: ""
                  keep: 1
                http:
                  listen: localhost:9464
                htp: {}
                """));

    [Fact]
    public void Load_OtlpWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 10: otlp.endpoint: found 'localhost:4317'; expected an address such as http://localhost:4317.",
                "line 11: otlp.protocol: found 'http'; expected one of grpc, http_protobuf.",
                $"line 12: otlp.every: found '15'; {Duration}.",
                "line 13: otlp.metrics: found 'maybe'; expected true or false.",
                "line 14: otlp.trace_share: found '2'; expected a number from 0 to 1.",
            ],
            Configured.Errors(
                Configured.Minimal +
                """
                otlp:
                  endpoint: localhost:4317
                  protocol: http
                  every: 15
                  metrics: maybe
                  trace_share: 2
                """));

    [Fact]
    public void Load_KafkaWithEverythingWrong_ReportsAll() =>
        Assert.Equal(
            [
                "line 2: kafka.bootstrap_servers: found ''; expected a text.",
                "line 3: kafka.batch_records: found '0'; expected a whole number from 1 to 100000.",
                "line 4: kafka.batch_wait: found '5s'; expected a duration from 1ms to 1s, written like 30s, 15m, 24h, 7d or 1h30m.",
                "line 6: kafka.properties.sasl.mechanizm: No such configuration property: \"sasl.mechanizm\"; the names and values are those of librdkafka's CONFIGURATION.md.",
                "line 7: kafka.properties.enable.auto.commit: cannot be set here: offsets are committed only after the alerts of their records were acknowledged.",
                "line 8: kafka.groupid: is an unknown key; did you mean 'group_id'?",
            ],
            Configured.Errors(
                """
                kafka:
                  bootstrap_servers: ''
                  batch_records: 0
                  batch_wait: 5s
                  properties:
                    sasl.mechanizm: PLAIN
                    enable.auto.commit: true
                  groupid: x
                detectors:
                  - {name: a, topics: [t], fields: [{name: x, kind: numeric}]}
                """));
}
