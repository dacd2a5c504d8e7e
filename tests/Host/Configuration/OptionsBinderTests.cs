using System.ComponentModel.DataAnnotations;
using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class OptionsBinderTests
{
    [Fact]
    public void Bind_DictionaryOfTexts_TakesAnyScalar()
    {
        var bag = Bind<Bag>("map: {sasl.password: 'x', retries: 5, enable.idempotence: true}");

        Assert.Equal(new Dictionary<string, string> { ["sasl.password"] = "x", ["retries"] = "5", ["enable.idempotence"] = "true" }, bag.Map);
    }

    [Fact]
    public void Bind_DictionaryKeyFromAVariable_GetsItsDots()
    {
        var bag = Bind<Bag>("map: {sasl.username: a}", ("AEANOMALY__MAP__SASL_USERNAME", "b"), ("AEANOMALY__MAP__SASL_PASSWORD", "c"));

        Assert.Equal(new Dictionary<string, string> { ["sasl.username"] = "b", ["sasl.password"] = "c" }, bag.Map);
    }

    [Fact]
    public void Bind_WrongDictionaries_AreReportedWithoutSecrets() =>
        Assert.Equal(
            [
                "f:1: map.a: found a list; expected a text.",
                "f:1: map.b: found no value; expected a text.",
                "f:2: password: found a secret value (not shown); expected a whole number.",
            ],
            Errors<Bag>("map: {a: [1], b: }\npassword: hunter2"));

    [Fact]
    public void Bind_PolymorphicSection_TakesTheNamedType()
    {
        var circle = Assert.IsType<Circle>(Bind<Bag>("shape: {kind: circle, radius: 2.5}").Shape);
        Assert.Equal(2.5, circle.Radius);

        var square = Assert.IsType<Square>(Bind<Bag>("shape: {sides: [1, 2]}").Shape);
        Assert.Equal([1, 2], square.Sides);
    }

    [Fact]
    public void Bind_WrongPolymorphicSections_AreReported()
    {
        Assert.Equal(["f:1: shape.kind: found 'cirle'; expected one of square, circle. Did you mean 'circle'?"], Errors<Bag>("shape: {kind: cirle}"));
        Assert.Equal(["f:1: shape.sides: is an unknown key; expected one of name, radius, kind."], Errors<Bag>("shape: {kind: circle, sides: [1]}"));
        Assert.Equal(["f:1: shape.sides[1]: found 'x'; expected a whole number."], Errors<Bag>("shape: {sides: [1, x]}"));
        Assert.Equal(["f:1: shape: found 'circle'; expected a section with keys such as 'kind'."], Errors<Bag>("shape: circle"));
    }

    [Fact]
    public void Bind_DurationRange_IsSaidInDurations() =>
        Assert.Equal(["f:1: poll: found '2h'; expected a duration from 1s to 1h, written like 30s, 15m, 24h, 7d or 1h30m."], Errors<Bag>("poll: 2h"));

    [Theory]
    [InlineData("big: 9223372036854775807", 9223372036854775807)]
    [InlineData("big: '12'", 12)]
    public void Bind_Long_ReadsIt(string yaml, long expected) => Assert.Equal(expected, Bind<Bag>(yaml).Big);

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d12h", 216_000_000)]
    [InlineData("1m500ms", 60_500)]
    public void TryParse_Durations_AreRead(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.True(DurationText.TryParse(DurationText.Format(duration), out var again));
        Assert.Equal(duration, again);
        Assert.Matches(DurationText.Pattern, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("5w")]
    [InlineData("99999999999999999999d")]
    [InlineData("999999999d")]
    public void TryParse_OtherTexts_AreRefused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("trainig", "training")]
    [InlineData("Topics", "topics")]
    [InlineData("dead-letter-topic", "dead_letter_topic")]
    [InlineData("fro", "for")]
    [InlineData("zebra", null)]
    public void Find_Slips_AreRecognised(string word, string? expected) =>
        Assert.Equal(expected, ClosestName.Find(word, ["training", "topics", "dead_letter_topic", "for"]));

    private static T Bind<T>(string yaml, params (string Name, string Value)[] variables)
        where T : class, new()
    {
        var bound = Run<T>(yaml, out var errors, variables);
        Assert.Empty(errors.Sorted);
        return bound;
    }

    private static string[] Errors<T>(string yaml)
        where T : class, new()
    {
        Run<T>(yaml, out var errors);
        return [.. errors.Sorted.Select(e => e.ToString())];
    }

    private static T Run<T>(string yaml, out ConfigurationErrors errors, params (string Name, string Value)[] variables)
        where T : class, new()
    {
        errors = new ConfigurationErrors("f");
        var root = YamlTreeReader.Read(yaml, "f", errors)!;
        EnvironmentOverrides.Apply(root, variables.ToDictionary(v => v.Name, v => v.Value), errors);
        var shapes = new PolymorphicSection(typeof(Shape), "kind", () => [new("square", typeof(Square), "A square."), new("circle", typeof(Circle), "A circle.")]);
        return new OptionsBinder(errors, [shapes]).Bind<T>(root);
    }

    private sealed class Bag
    {
        public IDictionary<string, string> Map { get; set; } = new Dictionary<string, string>();

        public int Password { get; set; }

        public long Big { get; set; }

        public Shape? Shape { get; set; }

        [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
        public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(5);
    }

    private abstract class Shape
    {
        public string Name { get; set; } = "";
    }

    private sealed class Square : Shape
    {
        public IList<int> Sides { get; set; } = [];
    }

    private sealed class Circle : Shape
    {
        public double Radius { get; set; }
    }
}
