using AEAnomaly.Ingest.Kafka;
using Microsoft.Extensions.Time.Testing;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>How long a client may try to get into its group.</summary>
public sealed class JoinWatchTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void IsInVain_JoinsForTheWholeBound_IsTrueOnceAndTheNextHasTwiceTheTime()
    {
        var watch = new JoinWatch(TimeSpan.FromSeconds(30), _time);

        Assert.Equal(30, SecondsUntilInVain(watch));
        Assert.Equal(60, SecondsUntilInVain(watch));
        Assert.Equal(120, SecondsUntilInVain(watch));
        Assert.Equal(240, SecondsUntilInVain(watch));
        Assert.Equal(300, SecondsUntilInVain(watch));
        Assert.Equal(300, SecondsUntilInVain(watch));
    }

    [Fact]
    public void IsInVain_SomethingKeptItFromJoining_CountsFromItsEnd()
    {
        var watch = new JoinWatch(TimeSpan.FromSeconds(30), _time);
        Assert.False(watch.IsInVain(isJoining: true));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(watch.IsInVain(isJoining: false));
        _time.Advance(TimeSpan.FromSeconds(29));

        Assert.Equal(30, SecondsUntilInVain(watch));
    }

    [Fact]
    public void NoteJoined_AfterOneInVain_BeginsWithTheFirstBoundAgain()
    {
        var watch = new JoinWatch(TimeSpan.FromSeconds(30), _time);
        Assert.Equal(30, SecondsUntilInVain(watch));
        watch.NoteJoined();

        Assert.Equal(30, SecondsUntilInVain(watch));
    }

    [Fact]
    public void IsInVain_NoBound_IsNever()
    {
        var watch = new JoinWatch(null, _time);
        Assert.False(watch.IsInVain(isJoining: true));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(watch.IsInVain(isJoining: true));
    }

    [Theory]
    [InlineData(null, null, 30.0)]
    [InlineData("45000", null, 65.0)]
    [InlineData(null, "classic", 30.0)]
    [InlineData(null, "consumer", null)]
    public void JoinBound_Properties_IsLongerThanTheSession(string? sessionTimeout, string? protocol, double? seconds)
    {
        var options = new KafkaOptions { BootstrapServers = "localhost:9092" };
        if (sessionTimeout is not null)
            options.Properties["session.timeout.ms"] = sessionTimeout;
        if (protocol is not null)
            options.Properties["group.protocol"] = protocol;

        Assert.Equal(seconds, KafkaProperties.JoinBound(options)?.TotalSeconds);
    }

    private int SecondsUntilInVain(JoinWatch watch)
    {
        for (var seconds = 0; ; seconds++)
        {
            if (watch.IsInVain(isJoining: true))
                return seconds;
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
