using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class DeadLetterBreakerTests
{
    [Fact]
    public void EndTurn_AllBadButFewerThanTheShareOfAWindow_GoesOn()
    {
        var breaker = new DeadLetterBreaker(new DeadLetterLimit(0.5, 1_000));

        Assert.False(Turn(breaker, 500, 500));
        Assert.Null(breaker.Problem);
        Assert.False(breaker.AskToResume());
    }

    [Fact]
    public void EndTurn_AllBadFromTheStart_StopsAtTheShareOfAWindow()
    {
        var breaker = new DeadLetterBreaker(new DeadLetterLimit(0.5, 1_000));
        var turns = 1;
        while (!Turn(breaker, 1, 1))
            turns++;

        Assert.Equal(501, turns);
        Assert.True(breaker.IsTripped);
        Assert.StartsWith("stopped reading: 501 of the last 501 records went to the dead letters, more than dead_letter_limit allows (0.5 of 1000); the last, in/3 offset 17, as wrong_type: no number.", breaker.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(5_000)]
    public void EndTurn_SuddenChangeAfterAMillionGoodOnes_StopsWithinAWindow(int turn)
    {
        var breaker = new DeadLetterBreaker(new DeadLetterLimit(0.5, 1_000));
        for (var records = 0; records < 1_000_000; records += turn)
            Assert.False(Turn(breaker, turn, 0));
        var bad = turn;
        while (!Turn(breaker, turn, turn))
            bad += turn;

        // A window is whole turns, and what shares a block with them: up to a turn more than a thousand records, more than half of them bad.
        Assert.InRange(bad, 501, (1_000 + turn + (1_000 / 256)) / 2 + turn + 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(2_000)]
    public void EndTurn_ShareBelowTheLimitForLong_GoesOn(int turn)
    {
        var breaker = new DeadLetterBreaker(new DeadLetterLimit(0.5, 1_000));
        var random = new Random(3);
        for (var records = 0; records < 500_000; records += turn)
        {
            var bad = 0;
            for (var i = 0; i < turn; i++)
                bad += random.NextDouble() < 0.4 ? 1 : 0;
            Assert.False(Turn(breaker, turn, bad));
        }
    }

    [Fact]
    public void EndTurn_ABurstThatIsBehindTheWindow_DoesNotCountAnyMore()
    {
        var breaker = new DeadLetterBreaker(new DeadLetterLimit(0.5, 1_000));
        for (var burst = 0; burst < 20; burst++)
        {
            Assert.False(Turn(breaker, 450, 450));
            for (var i = 0; i < 120; i++)
                Assert.False(Turn(breaker, 10, 0));
        }
    }

    [Fact]
    public void EndTurn_TurnLargerThanTheWindow_IsJudgedByItsOwnShare()
    {
        var limit = new DeadLetterLimit(0.5, 1_000);

        Assert.False(Turn(new DeadLetterBreaker(limit), 4_000, 1_999));
        Assert.True(Turn(new DeadLetterBreaker(limit), 4_000, 2_001));
    }

    [Fact]
    public void EndTurn_RecordsThatScoringRefusesLater_CountAsBad()
    {
        var breaker = new DeadLetterBreaker(new DeadLetterLimit(0.5, 1_000));
        Assert.False(Turn(breaker, 800, 0));

        Assert.True(Turn(breaker, 0, 501));
    }

    [Fact]
    public void EndTurn_ShareOfOneOrNoLimit_NeverStops()
    {
        Assert.False(Turn(new DeadLetterBreaker(new DeadLetterLimit(1, 100)), 10_000, 10_000));
        Assert.False(Turn(new DeadLetterBreaker(null), 10_000, 10_000));
    }

    [Fact]
    public void TryResume_Asked_GoesOnWithAnEmptyWindow()
    {
        var breaker = new DeadLetterBreaker(new DeadLetterLimit(0.5, 1_000));
        Assert.True(Turn(breaker, 1_000, 1_000));
        Assert.False(breaker.TryResume());
        Assert.True(breaker.AskToResume());

        Assert.True(breaker.TryResume());
        Assert.False(breaker.IsTripped);
        Assert.False(Turn(breaker, 500, 500));
        Assert.True(Turn(breaker, 1, 1));
    }

    private static bool Turn(DeadLetterBreaker breaker, int records, int bad)
    {
        breaker.Count(records);
        for (var i = 0; i < bad; i++)
            breaker.CountBad(new RecordOrigin("in", 3, 17, 0), new DecodeError("wrong_type", "amount", "no number."));
        return breaker.EndTurn();
    }
}
