using System.Text;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Ingest.Tests.Files;

public sealed class FileReplayTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aeanomaly-replay-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ReadAsync_Csv_KeepsNumbersAsWrittenAndLeavesOutEmptyCells()
    {
        var messages = await Replay("data.csv", "card,amount,zip,note\nc1,1.50,007,\"a \"\"b\"\"\"\nc2,-1e5,,true\n", new ReplayOptions { KeyField = "card" });

        Assert.Equal(
            ["""{"card":"c1","amount":1.50,"zip":"007","note":"a \"b\""}""", """{"card":"c2","amount":-1e5,"note":"true"}"""],
            messages.Select(m => Encoding.UTF8.GetString(m.Value.Span)));
        Assert.Equal(["c1", "c2"], messages.Select(m => Encoding.UTF8.GetString(m.Key.Span)));
        Assert.All(messages, m => Assert.Null(m.Timestamp));
    }

    [Fact]
    public async Task ReadAsync_ColumnWithADecimalComma_StaysText()
    {
        var messages = await Replay("data.csv", "card;amount\n42.0;1.234\nc2;11,5\n", new ReplayOptions { KeyField = "card", TextColumns = ["amount"] });

        Assert.Equal(["""{"card":42.0,"amount":"1.234"}""", """{"card":"c2","amount":"11,5"}"""], messages.Select(m => Encoding.UTF8.GetString(m.Value.Span)));
        Assert.Equal(["42", "c2"], messages.Select(m => Encoding.UTF8.GetString(m.Key.Span)));
    }

    [Fact]
    public async Task ReadAsync_SortByTime_GivesEventTimeOrderAndKeepsTies()
    {
        var messages = await Replay(
            "data.csv", "t,id\n30,a\n10,b\n20,c\n10,d\n", new ReplayOptions { KeyField = "id", TimeField = "t", SortByTime = true });

        Assert.Equal("b d c a", string.Join(' ', messages.Select(m => Encoding.UTF8.GetString(m.Key.Span))));
        Assert.Equal([10L, 10, 20, 30], messages.Select(m => m.Timestamp!.Value.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task ReadAsync_Ndjson_HandsLinesOverAsTheyAre()
    {
        var messages = await Replay("data.ndjson", "{\"a\" : 1}\r\nnot json\n", new ReplayOptions());

        Assert.Equal(["{\"a\" : 1}", "not json"], messages.Select(m => Encoding.UTF8.GetString(m.Value.Span)));
    }

    [Fact]
    public async Task ReadAsync_NdjsonWithKeyAndTime_ReadsDottedPaths()
    {
        var message = Assert.Single(await Replay(
            "data.ndjson", "{\"p\":{\"id\":17},\"at\":\"2020-01-01T00:00:00.5Z\"}\n", new ReplayOptions { KeyField = "p.id", TimeField = "at" }));

        Assert.Equal("17", Encoding.UTF8.GetString(message.Key.Span));
        Assert.Equal(1577836800500, message.Timestamp!.Value.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("data.csv", "a,t\n1,x\n", " line 2 column 't': expected an ISO-8601 time or Unix seconds or milliseconds, found x.")]
    [InlineData("data.csv", "a,b\n1,2\n", ": has no column 't'; its columns are a, b.")]
    [InlineData("data.csv", "a,t\n1\n", " line 2: expected 2 cells as in the header, found 1.")]
    [InlineData("data.ndjson", "{\"t\":1}\n{}\n", " line 2: Field 'time t' (path 't') is required, and it is absent.")]
    public async Task ReadAsync_BadRow_NamesFileAndLine(string name, string content, string message)
    {
        var exception = await Assert.ThrowsAsync<RecordFileException>(() => Replay(name, content, new ReplayOptions { TimeField = "t" }));

        Assert.Equal(Path.Combine(_folder.FullName, name) + message, exception.Message);
    }

    [Fact]
    public async Task ReadAsync_Rate_SpreadsMessagesOverTime()
    {
        var time = new JumpingTime();

        await Replay("data.csv", "a\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"{i}\n")), new ReplayOptions { RecordsPerSecond = 50 }, time);

        // 101 messages are 100 gaps of 20 ms.
        Assert.Equal(2.0, time.Elapsed.TotalSeconds, 6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Create_BadRate_IsRefused(double rate)
    {
        var path = Path.Combine(_folder.FullName, "data.csv");
        File.WriteAllText(path, "a\n1\n");

        Assert.StartsWith(
            "The rate must be above 0 messages a second, found ",
            Assert.Throws<ArgumentException>(() => new FileReplay(new RecordFile(path), new ReplayOptions { RecordsPerSecond = rate }, new JumpingTime())).Message,
            StringComparison.Ordinal);
    }

    private async Task<List<ReplayMessage>> Replay(string name, string content, ReplayOptions options, TimeProvider? time = null)
    {
        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, content);
        var messages = new List<ReplayMessage>();
        await foreach (var message in new FileReplay(new RecordFile(path), options, time ?? new JumpingTime()).ReadAsync())
            messages.Add(message);
        return messages;
    }

    /// <summary>Jumps to whatever is waited for.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        public TimeSpan Elapsed { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
                Elapsed += dueTime;
            ThreadPool.QueueUserWorkItem(_ => callback(state));
            return new Fired();
        }

        private sealed class Fired : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
