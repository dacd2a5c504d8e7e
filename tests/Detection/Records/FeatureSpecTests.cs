using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Records;

public sealed class FeatureSpecTests
{
    // Written down so that models trained by an earlier build are not orphaned unnoticed.
    // sha256 of [{"name":"amount","path":"amount","kind":"Numeric","scaling":"Auto","max_categories":32}]
    [Fact]
    public void Hash_OneNumericField_IsStable() =>
        Assert.Equal("90c709da9d443f90e4668144f3fdaecb2d7768b21cf632b7ae1a2476badd3468", new FeatureSpec([new FieldSpec { Name = "amount" }]).Hash);

    [Fact]
    public void Hash_FeatureRelevantChange_Changes()
    {
        var hashes = new List<string>
        {
            Hash(Base),
            Hash(Base with { Name = "sum" }),
            Hash(Base with { Path = "payment.amount" }),
            Hash(Base with { Kind = FieldKind.Categorical }),
            Hash(Base with { Scaling = NumericScaling.Log1p }),
            Hash(Base with { MaxCategories = 33 }),
            Hash(Base, new FieldSpec { Name = "card", Kind = FieldKind.Key }),
            Hash(new FieldSpec { Name = "other" }, Base),
            Hash(Base, new FieldSpec { Name = "other" }),
        };

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Fact]
    public void Hash_ChangeOfWhatAnAlertShows_Stays()
    {
        Assert.Equal(Hash(Base), Hash(Base with { Unit = "EUR" }));
        Assert.Equal(Hash(Base), Hash(Base with { PassThrough = PassThrough.Plain }));
        Assert.Equal(Hash(Base), Hash(Base with { Required = true }));
        Assert.Equal(Hash(Base), Hash(Base with { Path = "amount" }));
        Assert.Equal(Hash(Base), Hash(Base, new FieldSpec { Name = "fraud", Kind = FieldKind.Label }, new FieldSpec { Name = "note", Kind = FieldKind.Ignore }));
    }

    [Fact]
    public void Constructor_Roles_AreTheFirstOfTheirKind()
    {
        var spec = new FeatureSpec(
        [
            Base,
            new FieldSpec { Name = "at", Kind = FieldKind.Timestamp },
            new FieldSpec { Name = "card", Kind = FieldKind.Key },
            new FieldSpec { Name = "settled", Kind = FieldKind.Timestamp },
            new FieldSpec { Name = "device", Kind = FieldKind.Key },
        ]);

        Assert.Equal((1, 2, -1), (spec.EventTimeField, spec.EntityField, spec.LabelField));
    }

    [Fact]
    public void Constructor_BadFields_SaysWhich()
    {
        Assert.Contains("'amount' is used twice", Error(Base, Base), StringComparison.Ordinal);
        Assert.Contains("no name", Error(Base, new FieldSpec { Name = " " }), StringComparison.Ordinal);
        Assert.Contains("No field is a feature", Error(new FieldSpec { Name = "card", Kind = FieldKind.Key }), StringComparison.Ordinal);
    }

    [Fact]
    public void IsRequired_Default_HoldsForKeysOnly()
    {
        Assert.True(new FieldSpec { Name = "card", Kind = FieldKind.Key }.IsRequired);
        Assert.False(new FieldSpec { Name = "card", Kind = FieldKind.Key, Required = false }.IsRequired);
        Assert.False(Base.IsRequired);
    }

    private static FieldSpec Base => new() { Name = "amount" };

    private static string Hash(params FieldSpec[] fields) => new FeatureSpec(fields).Hash;

    private static string Error(params FieldSpec[] fields) => Assert.Throws<ArgumentException>(() => new FeatureSpec(fields)).Message;

    [Fact]
    public void Hash_RulesOfValues_ChangeIt()
    {
        static string Hash(FieldSpec field) => new FeatureSpec([field]).Hash;
        var amount = new FieldSpec { Name = "a", Kind = FieldKind.Numeric };
        var time = new FieldSpec { Name = "a", Kind = FieldKind.Timestamp };

        Assert.Equal(Hash(amount), Hash(amount with { Unit = "EUR", Missing = [] }));
        string[] hashes =
        [
            Hash(amount), Hash(amount with { Missing = ["NA"] }), Hash(amount with { Decimal = "," }), Hash(amount with { Decimal = ",", Unit = "EUR" }),
            Hash(time), Hash(time with { Format = "d/M/yyyy" }), Hash(time with { TimeZone = "Europe/Berlin" }),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }
}
