using System.Text;
using AEAnomaly.Detection.Alerts;
using AEAnomaly.Host.Page;

namespace AEAnomaly.Host.Tests.Page;

public sealed class AlertShelfTests
{
    [Fact]
    public void After_FloodOfWeakAlerts_KeepsTheGraveOnes()
    {
        var shelf = new AlertShelf();
        shelf.Add("a", Alert("critical"));
        for (var i = 0; i < 1000; i++)
            shelf.Add("a", Alert("low"));

        var (alerts, latest, omitted) = shelf.After(0, 200);

        Assert.Equal(AlertShelf.KeptOfEach + 1, alerts.Count);
        Assert.Equal((1, Severity.Critical), (alerts[0].Sequence, alerts[0].Severity));
        Assert.Equal(1001, latest);
        Assert.Equal(1001 - alerts.Count, omitted);
    }

    [Fact]
    public void After_MoreThanWanted_TakesTheGraveOnesFirstInTheirOrder()
    {
        var shelf = new AlertShelf();
        foreach (var severity in new[] { "low", "high", "medium", "high", "low" })
            shelf.Add("a", Alert(severity));

        var (alerts, latest, omitted) = shelf.After(1, 3);

        Assert.Equal([2L, 3L, 4L], alerts.Select(alert => alert.Sequence));
        Assert.Equal((5, 1), (latest, omitted));
    }

    [Fact]
    public void After_NothingNew_GivesNothing()
    {
        var shelf = new AlertShelf();
        shelf.Add("a", Alert("low"));

        var (alerts, latest, omitted) = shelf.After(1, 3);

        Assert.Empty(alerts);
        Assert.Equal((1, 0), (latest, omitted));
    }

    [Fact]
    public void Add_DetectorsSideBySide_KeepsSoManyOfEach()
    {
        var shelf = new AlertShelf();
        shelf.Add("quiet", Alert("low"));
        for (var i = 0; i < 200; i++)
            shelf.Add("loud", Alert("low"));

        Assert.Equal(AlertShelf.KeptOfEach + 1, shelf.After(0, 500).Alerts.Count);
    }

    [Theory]
    [InlineData("""{"id":"1","action":"close","max_severity":"high"}""")]
    [InlineData("""{"id":"1","nested":{"severity":"high"},"list":["severity"],"text":"\"severity\":\"high\""}""")]
    public void Add_NoticeWithoutASeverityOfItsOwn_IsPassedOver(string body)
    {
        var shelf = new AlertShelf();

        shelf.Add("a", Encoding.UTF8.GetBytes(body));

        Assert.Equal(0, shelf.After(0, 10).Latest);
    }

    private static byte[] Alert(string severity) => Encoding.UTF8.GetBytes($$"""{"id":"1","episode":{"severity":"none"},"severity":"{{severity}}"}""");
}
