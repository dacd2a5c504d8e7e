using System.Runtime.InteropServices;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>Remembers what keys did, and gives each record the features of what came before it; then the record itself is remembered. Not thread-safe.</summary>
/// <remarks>
/// The one implementation of training, scoring and evaluation: the same records in the same order give the same bits. docs/history.md has every formula.
/// Allocates nothing while keys and partitions stay.
/// </remarks>
public sealed partial class KeyHistory
{
    private readonly HistorySpec _history;
    private readonly KeyLayout _layout;
    private readonly KeyStore _keys;
    private readonly HistoryStep[] _steps;
    private readonly Dictionary<(string Topic, int Partition), int> _indices = [];
    private readonly List<PartitionPast> _partitions = [];
    private readonly ulong[] _ownCategories;
    private readonly ulong[] _allCategories;
    private readonly double[] _numbers;
    private readonly double[] _values;
    private (string? Topic, int Partition, int Index) _last;

    /// <summary>Creates an empty history.</summary>
    /// <param name="spec">Fields, and what is remembered.</param>
    /// <exception cref="ArgumentException">The spec remembers nothing.</exception>
    public KeyHistory(FeatureSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
        _history = spec.History ?? throw new ArgumentException("The fields have no history; declare one, or judge records alone.", nameof(spec));
        _layout = new KeyLayout(_history);
        _keys = new KeyStore(_layout.Bytes, _history.MemoryBytes);
        _steps = HistoryStep.Of(spec, _layout);
        _ownCategories = new ulong[_layout.OwnCategories.Length];
        _allCategories = new ulong[_layout.AllCategories.Length];
        _numbers = new double[_layout.Numbers.Length];
        _values = new double[_layout.Numbers.Length];
    }

    /// <summary>Gets the fields, and what is remembered.</summary>
    public FeatureSpec Spec { get; }

    /// <summary>Gets the keys remembered.</summary>
    public int Keys => _keys.Count;

    /// <summary>Gets the memory of the keys and of what is usual among them all.</summary>
    public long Bytes { get; private set; }

    /// <summary>Gets the memory that one key takes.</summary>
    public int BytesOfKey => _keys.BytesOfKey;

    /// <summary>Gets the keys that left because the memory was full; they begin anew.</summary>
    public long Evicted => _keys.Evicted;

    /// <summary>Gets the records older than one of their key that came before.</summary>
    public long Late { get; private set; }

    /// <summary>Gets the records that came in another partition than the one of their key before.</summary>
    public long Scattered { get; private set; }

    /// <summary>Gets where the last of those came, and the one before it; null before the first.</summary>
    internal ((string Topic, int Partition) Before, (string Topic, int Partition) Now)? LastScattered { get; private set; }

    /// <summary>Gets the records whose clock field was so far ahead of the broker's time that the broker's counted.</summary>
    public long Ahead { get; private set; }

    /// <summary>Gets the last of those, and by how much it was; null before the first.</summary>
    internal (string Topic, int Partition, long Offset, TimeSpan By)? LastAhead { get; private set; }

    /// <summary>Fills in the features of records, and remembers the records.</summary>
    /// <param name="batch">Records, in order for each key.</param>
    public void Take(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _keys.Order();
        for (var row = 0; row < batch.Count; row++)
            Take(batch, row);
        Measure();
    }

    /// <summary>Takes records that were processed before; passes over those that are remembered.</summary>
    /// <param name="past">Records, in the order of their offsets for each partition.</param>
    internal void TakeMissed(RecordBatch past)
    {
        _keys.Order();
        for (var row = 0; row < past.Count; row++)
        {
            var origin = past.Origins[row];
            if (origin.Offset >= _partitions[IndexOf(origin.Topic, origin.Partition)].Next)
                Take(past, row);
        }

        Measure();
    }

    /// <summary>Fills in the features of all records of a file, in the order of the clock; equal times keep the file's order, and so do records without a time.</summary>
    /// <param name="records">Records in any order.</param>
    public void TakeByClock(RecordBatch records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var seconds = new double[records.Count];
        var order = new int[records.Count];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
            seconds[row] = RecordClock.Seconds(records, row, _history.Clock) is var time && double.IsNaN(time) && row > 0 ? seconds[row - 1] : time;
        }

        Array.Sort(order, (a, b) => seconds[a].CompareTo(seconds[b]) is not 0 and var byTime ? byTime : a.CompareTo(b));
        foreach (var row in order)
            Take(records, row);
        Measure();
    }

    /// <summary>Forgets the keys whose last record came from some partitions, and what was usual there.</summary>
    /// <param name="partitions">Topics and partitions.</param>
    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        foreach (var partition in partitions)
        {
            if (!_indices.TryGetValue(partition, out var index))
                continue;
            _keys.Forget(index);
            _partitions[index].Clear();
        }
    }

    private void Take(RecordBatch batch, int row)
    {
        var origin = batch.Origins[row];
        var index = IndexOf(origin.Topic, origin.Partition);
        var partition = _partitions[index];
        (partition.TopicId, partition.Next) = (origin.TopicId, Math.Max(partition.Next, origin.Offset + 1));
        if (batch.IsMissing(_history.Key, row))
            return;
        var population = partition.Population ??= new Population(_layout);
        var slot = _keys.Use(KeyName.Of(batch.Text(_history.Key, row)));
        ref var key = ref _keys[slot];
        var clock = RecordClock.Seconds(batch, row, _history.Clock, out var ahead);
        var isTimed = !double.IsNaN(clock);
        var seconds = isTimed ? clock : key.Records > 0 ? key.Seconds : double.IsNaN(population.Seconds) ? 0 : population.Seconds;
        var passed = key.Records > 0 ? seconds - key.Seconds : 0;
        var state = _keys.State(slot);

        Fade(state, Math.Max(0, passed));
        var populationWeight = population.Advance(seconds);
        Read(batch, row);
        Describe(batch, row, state, key, population, isTimed && key.Records > 0 ? passed : double.NaN);
        batch.SetHistoryRecords(row, key.Records);

        Add(batch, row, state, Math.Min(0, passed), seconds);
        AddTo(population, populationWeight);
        if (passed < 0)
            Late++;
        if (ahead > 0)
            NoteAhead(origin, ahead);
        if (key.Records > 0 && key.Partition != index)
            NoteScattered(_partitions[key.Partition], partition);
        key.Seconds = key.Records > 0 ? Math.Max(key.Seconds, seconds) : seconds;
        key.Records = key.Records == int.MaxValue ? int.MaxValue : key.Records + 1;
        key.Partition = index;
    }

    private void NoteScattered(PartitionPast before, PartitionPast now)
    {
        Scattered++;
        LastScattered = ((before.Topic, before.Partition), (now.Topic, now.Partition));
    }

    private void NoteAhead(in RecordOrigin origin, double seconds)
    {
        Ahead++;
        LastAhead = (origin.Topic, origin.Partition, origin.Offset, TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2)));
    }

    // Once a batch: who measures reads it from another thread.
    private void Measure()
    {
        var bytes = (long)_keys.Count * BytesOfKey;
        foreach (var partition in _partitions)
            bytes += partition.Population?.Bytes ?? 0;
        Bytes = bytes;
    }

    private int IndexOf(string topic, int partition)
    {
        if (ReferenceEquals(topic, _last.Topic) && partition == _last.Partition)
            return _last.Index;
        if (!_indices.TryGetValue((topic, partition), out var index))
        {
            index = _partitions.Count;
            _indices.Add((topic, partition), index);
            _partitions.Add(new PartitionPast(topic, partition));
        }

        _last = (topic, partition, index);
        return index;
    }

    // What a record has of what is remembered, looked up once.
    private void Read(RecordBatch batch, int row)
    {
        for (var i = 0; i < _numbers.Length; i++)
            _numbers[i] = Log1pTransform.Forward(batch.Numbers(_layout.Numbers[i])[row]);
        for (var i = 0; i < _ownCategories.Length; i++)
            _ownCategories[i] = CategoryOf(batch, row, _layout.OwnCategories[i].Field);
        for (var i = 0; i < _allCategories.Length; i++)
            _allCategories[i] = CategoryOf(batch, row, _layout.AllCategories[i].Field);
    }

    // 0 for a missing one.
    private static ulong CategoryOf(RecordBatch batch, int row, int field) =>
        batch.IsMissing(field, row) ? 0
        : FeatureSpec.IsNumber(batch.Spec.Fields[field].Kind) ? KeyHash.Of(batch.Numbers(field)[row])
        : KeyHash.Of(batch.Text(field, row));

    private void Fade(Span<byte> state, double passed)
    {
        if (passed == 0)
            return;
        var counts = MemoryMarshal.Cast<byte, double>(state[.._layout.OwnNumbersAt]);
        for (var life = 0; life < _layout.HalfLives.Length; life++)
        {
            var factor = double.Exp2(-passed / _layout.HalfLives[life]);
            for (var i = life; i < counts.Length; i += _layout.HalfLives.Length)
                counts[i] *= factor;
        }

        var usual = double.Exp2(-passed / _layout.UsualHalfLife);
        var own = OwnNumbers(state);
        for (var i = 0; i < own.Length; i++)
            own[i] = own[i].Faded(usual);
        for (var part = 0; part < _layout.OwnCategories.Length; part++)
            Categories(state, part).Fade((float)usual);
    }

    private void Add(RecordBatch batch, int row, Span<byte> state, double late, double seconds)
    {
        var counts = MemoryMarshal.Cast<byte, double>(state[.._layout.OwnNumbersAt]);
        var lives = _layout.HalfLives.Length;
        for (var life = 0; life < lives; life++)
        {
            var weight = late == 0 ? 1 : double.Exp2(late / _layout.HalfLives[life]);
            counts[life] += weight;
            for (var i = 0; i < _layout.Sums.Length; i++)
            {
                var number = batch.Numbers(_layout.Sums[i])[row];
                if (!double.IsNaN(number))
                    counts[((i + 1) * lives) + life] += weight * number;
            }
        }

        var usual = late == 0 ? 1 : double.Exp2(late / _layout.UsualHalfLife);
        var own = OwnNumbers(state);
        for (var i = 0; i < own.Length; i++)
        {
            var number = Log1pTransform.Forward(batch.Numbers(_layout.OwnNumbers[i])[row]);
            if (!double.IsNaN(number))
                own[i] = own[i].With(number, usual);
        }

        for (var part = 0; part < _ownCategories.Length; part++)
        {
            if (_ownCategories[part] != 0 && usual > 0)
                Categories(state, part).Add(_ownCategories[part], (float)usual, ValuesOf(_layout.OwnCategories[part]));
        }

        for (var i = 0; i < _layout.Seen.Length; i++)
        {
            if (CategoryOf(batch, row, _layout.Seen[i]) is not 0 and var category)
                SeenFilter.Add(Seen(state, i), category);
        }

        // A late record says where the key was before, not where it is.
        if (_layout.Place.Latitude >= 0 && late == 0 && PlaceOf(batch, row, seconds) is { } place)
            place.Write(state[_layout.PlaceAt..]);
    }

    private void AddTo(Population population, double weight)
    {
        for (var i = 0; i < _numbers.Length; i++)
        {
            if (!double.IsNaN(_numbers[i]))
                population.Add(i, _numbers[i], weight);
        }

        for (var part = 0; part < _allCategories.Length; part++)
        {
            if (_allCategories[part] != 0 && weight > 0)
                population.Categories(part).Add(_allCategories[part], population.Seconds, weight, ValuesOf(_layout.AllCategories[part]));
        }
    }

    private ReadOnlySpan<double> ValuesOf(CategoryPart part)
    {
        for (var i = 0; i < part.Numbers.Length; i++)
            _values[i] = _numbers[Array.IndexOf(_layout.Numbers, part.Numbers[i])];
        return _values.AsSpan(0, part.Numbers.Length);
    }

    private Span<Moments> OwnNumbers(Span<byte> state) => MemoryMarshal.Cast<byte, Moments>(state[_layout.OwnNumbersAt.._layout.PlaceAt]);

    private CategorySlots Categories(Span<byte> state, int part)
    {
        var numbers = _layout.OwnCategories[part].Numbers.Length;
        var bytes = KeyLayout.CategoriesOfKey * CategorySlots.WidthOf(numbers) * sizeof(float);
        return new CategorySlots(MemoryMarshal.Cast<byte, float>(state.Slice(_layout.CategoriesAt[part], bytes)), numbers);
    }

    private Span<byte> Seen(Span<byte> state, int index) => state.Slice(_layout.SeenAt + (index * SeenFilter.Bytes), SeenFilter.Bytes);

    // None where a coordinate is missing.
    private KeyPlace? PlaceOf(RecordBatch batch, int row, double seconds)
    {
        var (latitude, longitude) = (batch.Numbers(_layout.Place.Latitude)[row], batch.Numbers(_layout.Place.Longitude)[row]);
        return double.IsNaN(latitude) || double.IsNaN(longitude) ? null : new KeyPlace(seconds, (float)latitude, (float)longitude);
    }
}
