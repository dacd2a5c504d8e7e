using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Hands over JSON values as they are, so that bad ones can be replayed too; only a key or time field makes one be read.</summary>
internal sealed class NdjsonReplayRows : IReplayRows
{
    private readonly JsonValueReader _values;
    private readonly string _name;
    private readonly JsonRecordDecoder? _decoder;
    private readonly RecordBatch? _record;
    private readonly int _keyField = -1;
    private readonly int _timeField = -1;

    public NdjsonReplayRows(InputBuffer input, string name, ReplayOptions options, JsonDecoderOptions limits)
    {
        _values = new JsonValueReader(input);
        _name = name;
        var fields = new List<FieldSpec>();
        if (options.KeyField is { } key)
        {
            _keyField = fields.Count;
            fields.Add(new FieldSpec { Name = $"key {key}", Path = key, Kind = FieldKind.Categorical, Required = true });
        }

        if (options.TimeField is { } time)
        {
            _timeField = fields.Count;
            fields.Add(new FieldSpec { Name = $"time {time}", Path = time, Kind = FieldKind.Timestamp, Required = true });
        }

        if (fields.Count == 0)
            return;
        var spec = new FeatureSpec(fields);
        _decoder = new JsonRecordDecoder(spec, limits);
        _record = new RecordBatch(spec, 1);
    }

    public bool TryRead(out ReplayMessage message, out double seconds)
    {
        message = default;
        seconds = 0;
        if (!_values.Read())
            return false;

        byte[] key = [];
        DateTimeOffset? timestamp = null;
        if (_decoder is not null && _record is not null)
        {
            var place = $"{_name} line {_values.Line}";
            _record.Clear();
            if (!_decoder.TryDecode(_values.Text, default, _record, out var error))
                throw new RecordFileException($"{place}: {error.Message}.");
            if (_keyField >= 0)
                key = _record.Text(_keyField, 0).ToArray();
            if (_timeField >= 0)
            {
                seconds = _record.Numbers(_timeField)[0];
                timestamp = ReplayTime.ToTimestamp(seconds, place);
            }
        }

        message = new ReplayMessage(key, _values.Text.ToArray(), timestamp);
        return true;
    }
}
