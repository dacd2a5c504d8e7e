using System.Text;
using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Decides how the entity of a record appears in alerts.</summary>
/// <remarks>
/// A masked value cannot group alerts: two cards may end in the same digits. A hash of it can, but card numbers are few enough to try them all; only a keyed
/// hash (HMAC-SHA256 with <see cref="AlertOptions.PseudonymKey"/>) hides them from whoever reads the topic.
/// </remarks>
internal sealed class AlertSubjects
{
    private readonly FeatureSpec _spec;
    private readonly string _detector;
    private readonly string _tenant;
    private readonly byte[]? _pseudonymKey;

    public AlertSubjects(FeatureSpec spec, string detector, AlertOptions options)
    {
        _spec = spec;
        _detector = detector;
        _tenant = options.Tenant ?? "";
        _pseudonymKey = string.IsNullOrEmpty(options.PseudonymKey) ? null : Encoding.UTF8.GetBytes(options.PseudonymKey);
    }

    public AlertSubject Of(RecordBatch batch, int row, RecordExplanation explanation)
    {
        var field = _spec.EntityField;
        if (field < 0 || batch.IsMissing(field, row))
            return new AlertSubject(null, null, false, null, $"{_detector}|{string.Join(',', explanation.Leading)}", MessageKey(_detector));

        var declared = _spec.Fields[field];
        var entity = Encoding.UTF8.GetString(batch.Text(field, row));
        if (declared.PassThrough == PassThrough.Plain)
            return new AlertSubject(declared.Name, entity, false, null, $"{_detector}|{entity}", MessageKey(entity));

        // The tenant is part of it: the same card at two tenants must not be linkable.
        var pseudonym = Fingerprint.Keyed(_pseudonymKey, "entity", _tenant, entity);
        return new AlertSubject(declared.Name, Masking.Mask(entity), true, pseudonym, $"{_detector}|{pseudonym}", MessageKey(pseudonym));
    }

    /// <summary>Gives the subject that an alert published before tells of.</summary>
    public AlertSubject Restore(string? field, string? shown, bool masked, string? pseudonym, string dedupKey) =>
        new(field, shown, masked, pseudonym, dedupKey, MessageKey(pseudonym ?? shown ?? _detector));

    private byte[] MessageKey(string identity) => Encoding.UTF8.GetBytes(_tenant.Length == 0 ? identity : $"{_tenant}|{identity}");
}
