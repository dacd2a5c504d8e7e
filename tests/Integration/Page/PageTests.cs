using System.Diagnostics;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests.Page;

/// <summary>The page of a working daemon, in a real browser.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class PageTests(BrokerFixture brokers)
{
    private const string Token = "a token of the test";

    // Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, level AA), one a line.
    private const string FaintTexts = """
        (() => {
          const parts = colour => colour.match(/[\d.]+/g).map(Number);
          const light = colour => parts(colour).slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if ((parts(c)[3] ?? 1) === 1) return c; } return 'rgb(255, 255, 255)'; };
          return [...document.querySelectorAll('body *')]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility() && !e.closest('svg, :disabled, .hidden, noscript'))
            .map(e => [e, light(getComputedStyle(e).color), light(behind(e))])
            .map(([e, a, b]) => [e, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)])
            .filter(([, contrast]) => contrast < 4.5).map(([e, contrast]) => `${e.className} ${e.textContent} ${contrast.toFixed(2)}`).join('\n');
        })()
        """;

    // What a person would call at once, with the second that figures may take.
    private static readonly TimeSpan AlertBound = TimeSpan.FromSeconds(2);

    [RequiresToolFact(BrowserPage.Program)]
    public async Task Page_FromNoModelToTheFirstAlert_ShowsEachStateAndTheAlertWithinTwoSeconds()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        var readings = new MeterReadings(31);
        harness.Write(readings, 500);
        await harness.StartAsync();
        await using var page = await BrowserPage.OpenAsync(harness.Address);
        await page.UntilAsync("document.querySelector('.detector .reason')?.textContent.includes('500 so far')", "the page says what is waited for");
        await page.UntilAsync("document.querySelector('.detector .state').textContent === 'warming' && document.querySelector('progress').value > 0.3", "the page says warming, and how far it is");
        Assert.Equal("meters is warming", await page.TextAsync("#summary"));

        harness.Write(readings, DaemonHarness.TrainingRecords - 500);
        await page.UntilAsync("document.querySelector('.detector .state').textContent === 'scoring'", "the page says scoring", DaemonHarness.Bound);
        await page.UntilAsync("document.querySelector('#summary').textContent === 'meters is scoring'", "the summary says so too");
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        await page.UntilAsync("document.querySelectorAll('#throughput path.line').length > 0", "a line is drawn");
        await page.UntilAsync("document.querySelectorAll('#ratios rect').length > 0", "the ratios are drawn");

        var started = Stopwatch.GetTimestamp();
        harness.Write(readings, 0, faulty: 1);
        // A normal record may have been flagged before.
        var isFault = $"row => row.episode.alerts.some(alert => alert.evidence.fields.id === 'r-{DaemonHarness.TrainingRecords}')";
        await page.UntilAsync($"[...document.querySelectorAll('#episodes > li')].some({isFault})", "the alert is shown");
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, AlertBound);
        Assert.Contains("power", (await page.EvaluateAsync($"[...document.querySelectorAll('#episodes > li')].find({isFault}).innerText")).GetString(), StringComparison.Ordinal);

        Assert.Empty(page.Problems);
        Assert.InRange(page.ReceivedBytes, 10_000, 200_000);
        Assert.All(page.Requested.Where(address => address != "about:blank"), address => Assert.StartsWith(harness.Address, address, StringComparison.Ordinal));
    }

    [RequiresToolFact(BrowserPage.Program)]
    public async Task Page_ByKeyboardAlone_FiltersExplainsAndComesBack()
    {
        await using var harness = await StartedAsync(32, faulty: 12);
        await using var page = await BrowserPage.OpenAsync(harness.Address, 390, 844);
        await page.UntilAsync("document.querySelectorAll('.episode').length > 2", "the alerts are shown");

        Assert.Equal(390, (await page.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32());

        // The first stop leads to the alerts, the next ones through the filters to the rows.
        await page.PressAsync("Tab");
        Assert.Equal("Skip to the alerts", (await page.EvaluateAsync("document.activeElement.textContent")).GetString());
        await page.PressAsync("Enter");
        await TabToAsync(page, "document.activeElement.id === 'find'");
        var one = await page.EvaluateAsync("document.querySelector('.episode:last-child .entity').textContent");
        await page.TypeAsync(one.GetString()!);
        await page.UntilAsync($"[...document.querySelectorAll('#episodes > li')].every(row => row.hidden === (row.querySelector('.entity').textContent !== '{one.GetString()}'))", "the rows of one entity are left");
        await page.EvaluateAsync("document.activeElement.value = ''; document.activeElement.dispatchEvent(new Event('input'))");

        await TabToAsync(page, "document.activeElement.classList.contains('episode')");
        await page.PressAsync("ArrowDown");
        Assert.True((await page.EvaluateAsync("document.activeElement === document.querySelectorAll('.episode')[1]")).GetBoolean());
        await page.PressAsync("Enter");
        await page.UntilAsync("document.querySelector('#detail').contains(document.activeElement)", "the explanation has the focus");
        var text = await page.TextAsync("#detail");
        foreach (var part in new[] { "power", "expected", "How rare", "Learned from", harness.Topic, "As JSON" })
            Assert.Contains(part, text, StringComparison.Ordinal);

        await page.PressAsync("Escape");
        Assert.True((await page.EvaluateAsync("document.activeElement === document.querySelectorAll('.episode')[1]")).GetBoolean());
        Assert.Empty(page.Problems);
    }

    [RequiresToolFact(BrowserPage.Program)]
    public async Task Page_SeverityTurnedOff_HidesItsEpisodes()
    {
        await using var harness = await StartedAsync(33, faulty: 6);
        await using var page = await BrowserPage.OpenAsync(harness.Address);
        await page.UntilAsync("document.querySelectorAll('.episode.critical').length > 0", "the alerts are shown");

        await page.ClickAsync(".chip.critical");

        await page.UntilAsync("[...document.querySelectorAll('.episode.critical')].every(row => row.parentElement.hidden)", "critical ones are hidden");
        Assert.Equal("false", (await page.EvaluateAsync("document.querySelector('.chip.critical').getAttribute('aria-pressed')")).GetString());
        await page.ClickAsync(".chip.critical");
        await page.UntilAsync("[...document.querySelectorAll('.episode.critical')].some(row => !row.parentElement.hidden)", "critical ones are back");
        Assert.Empty(page.Problems);
    }

    [RequiresToolFact(BrowserPage.Program)]
    public async Task Page_DaemonWithAToken_ShowsNoRecordAndTakesNoOrderUntilItIsShown()
    {
        await using var harness = await StartedAsync(34, faulty: 3, token: Token);
        var first = harness.Status.ModelVersion;
        await using var page = await BrowserPage.OpenAsync(harness.Address);
        await page.UntilAsync("document.querySelector('.detector .state')?.textContent === 'scoring'", "figures are shown to anybody");
        await page.UntilAsync("document.querySelector('#alerts-note').textContent.includes('http.admin_token')", "the page says why there are no alerts");
        await page.UntilAsync("document.querySelector('#versions').textContent.includes('admin API')", "nor versions");

        await RetrainAsync(page);
        await page.UntilAsync("document.querySelector('#ask').open && document.querySelector('#ask-token').checkVisibility()", "the token is asked for");
        await page.TypeAsync("another one");
        await page.PressAsync("Enter");
        await page.UntilAsync("document.querySelector('#models-answer').textContent.includes('http.admin_token')", "the daemon refuses");
        Assert.Equal(first, harness.Status.ModelVersion);
        Assert.False(harness.Status.Retraining);
        Assert.Equal(0, (await page.EvaluateAsync("document.querySelectorAll('.episode').length")).GetInt32());

        await page.ClickAsync("#token");
        await page.UntilAsync("document.querySelector('#ask').open", "the token is asked for");
        await page.TypeAsync(Token);
        await page.PressAsync("Enter");
        await page.UntilAsync("document.querySelectorAll('.episode').length > 0", "the alerts are shown");
        await page.UntilAsync("document.querySelectorAll('tbody tr').length === 1", "so is the version");

        await RetrainAsync(page);
        await page.UntilAsync("document.querySelector('#models-answer').textContent.startsWith('Retraining of')", "the daemon agrees");
        await page.UntilAsync("document.querySelectorAll('tbody tr').length === 2", "the new version is listed", DaemonHarness.Bound);
        Assert.NotEqual(first, harness.Status.ModelVersion);

        await page.ClickAsync("tbody tr:not(.current) button");
        await page.UntilAsync("document.querySelector('#ask').open", "it is asked whether to roll back");
        await page.ClickAsync("#ask-yes");
        await page.UntilAsync($"document.querySelector('tr.current th').textContent.includes('{first}')", "the former version scores again");
        Assert.Equal(first, harness.Status.ModelVersion);
        // The refusals, which were wanted.
        Assert.All(page.Problems, problem => Assert.Contains("401", problem, StringComparison.Ordinal));
    }

    [RequiresToolFact(BrowserPage.Program)]
    public async Task Page_DetectorStoppedByDeadLetters_GoesOnOnceAPersonSaysSo()
    {
        const int Bad = 200;
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker, partitions: 1);
        harness.Detector.DeadLetterLimit.Window = 100;
        var readings = new MeterReadings(37);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        await using var page = await BrowserPage.OpenAsync(harness.Address);
        await page.UntilAsync("document.querySelector('.detector .state')?.textContent === 'scoring'", "the page says scoring");
        Assert.False((await page.EvaluateAsync("document.querySelector('#resume').checkVisibility()")).GetBoolean());

        using (var writer = new TopicWriter(harness.Broker, harness.Topic))
        {
            for (var i = 0; i < Bad; i++)
                writer.Write("m", "rubbish");
        }

        await page.UntilAsync("document.querySelector('.detector .state').textContent === 'halted'", "the page says that it stopped");
        await page.UntilAsync("document.querySelector('.detector').textContent.includes('dead_letter_limit')", "and why");
        await page.UntilAsync("document.querySelector('#resume').checkVisibility()", "it offers to go on");
        harness.Write(readings, 100);

        await page.ClickAsync("#resume");
        await page.UntilAsync("document.querySelector('#ask').open && document.querySelector('#ask-text').textContent.includes('meters stopped')", "it is asked whether to");
        await page.ClickAsync("#ask-no");
        await page.UntilAsync("!document.querySelector('#ask').open", "whoever says no is left alone");
        Assert.Equal("", await page.TextAsync("#models-answer"));
        Assert.Equal("halted", await page.TextAsync(".detector .state"));

        // Asked again before the browser has told of the last answer.
        await page.ClickAsync("#resume");
        await page.UntilAsync("document.querySelector('#ask').open", "it is asked again");
        await page.EvaluateAsync("document.querySelector('#ask-no').click(); document.querySelector('#resume').click()");
        await page.ClickAsync("#ask-yes");
        await page.UntilAsync("document.querySelector('#models-answer').textContent.includes(\"'meters' goes on reading\")", "the daemon agrees");
        await Eventually.TrueAsync(
            async () =>
            {
                // Where the bad ones came in several turns, those that are left stop it again.
                if ((await page.EvaluateAsync("document.querySelector('#resume').checkVisibility()")).GetBoolean())
                    await ResumeAsync(page);
                return harness.Scored == DaemonHarness.TrainingRecords + 100;
            },
            DaemonHarness.Bound, "it goes on", () => harness.Log);
        await page.UntilAsync("document.querySelector('.detector .state').textContent === 'scoring' && !document.querySelector('#resume').checkVisibility()", "the page says so");
        await Eventually.TrueAsync(() => harness.DeadLettered == Bad, DaemonHarness.Bound, "every bad record is set aside", () => harness.Log);
        // A state of a moment ago is shown for a second: what was asked for twice is refused.
        Assert.All(page.Problems, problem => Assert.Contains("409", problem, StringComparison.Ordinal));
    }

    [RequiresToolFact(BrowserPage.Program)]
    public async Task Page_ForAScreenReader_NamesEverythingThatCanBeUsed()
    {
        await using var harness = await StartedAsync(35, faulty: 3);
        await using var page = await BrowserPage.OpenAsync(harness.Address);
        await page.UntilAsync("document.querySelectorAll('.episode').length > 0 && document.querySelectorAll('tbody tr').length > 0", "alerts and versions are shown");

        var spoken = await page.SpokenAsync();

        foreach (var role in new[] { "button", "combobox", "searchbox", "progressIndicator", "image", "region", "dialog" })
            Assert.DoesNotContain(spoken, node => node.Role == role && node.Name.Trim().Length == 0 && role != "image");
        foreach (var landmark in new[] { "banner", "main" })
            Assert.Single(spoken, node => node.Role == landmark);
        foreach (var region in new[] { "Detectors", "Charts", "Alerts", "Model versions" })
            Assert.Contains(spoken, node => node.Role == "region" && node.Name == region);
        Assert.Contains(spoken, node => node.Name.StartsWith("Records scored a second: now", StringComparison.Ordinal));

        foreach (var looks in new[] { "light", "dark" })
        {
            await page.PreferAsync("prefers-color-scheme", looks);
            // Colours of backgrounds take a moment to change.
            await page.UntilAsync($"{FaintTexts.Trim()} === ''", $"every text stands out in {looks}");
        }

        await page.UntilAsync("document.querySelector('#announce').textContent.includes('alert')", "new alerts are announced");
    }

    [RequiresToolFact(BrowserPage.Program)]
    public async Task Page_DaemonGone_SaysSoAndComesBack()
    {
        await using var harness = await StartedAsync(36, faulty: 1);
        harness.Http.Listen = harness.Address;
        await using var page = await BrowserPage.OpenAsync(harness.Address);
        await page.UntilAsync("document.querySelector('#live').dataset.state === 'on'", "the page is live");

        // With a viewer connected, who must not hold up the end.
        var started = Stopwatch.GetTimestamp();
        await harness.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await page.UntilAsync("document.querySelector('#lost').checkVisibility()", "the page says that nothing answers");

        await harness.StartAsync();
        await page.UntilAsync("document.querySelector('#live').dataset.state === 'on' && !document.querySelector('#lost').checkVisibility()", "the page is live again");
        await page.UntilAsync("document.querySelector('.detector .state').textContent === 'scoring'", "it shows the new process");
    }

    // By script: the button may go at any moment.
    private static async Task ResumeAsync(BrowserPage page)
    {
        await page.EvaluateAsync("document.querySelector('#resume').click()");
        await page.UntilAsync("document.querySelector('#ask').open", "it is asked whether to go on");
        await page.ClickAsync("#ask-yes");
    }

    private static async Task RetrainAsync(BrowserPage page)
    {
        await page.ClickAsync("#retrain");
        await page.UntilAsync("document.querySelector('#ask').open && !document.querySelector('#ask-token').checkVisibility()", "it is asked whether to retrain");
        await page.ClickAsync("#ask-yes");
    }

    private static async Task TabToAsync(BrowserPage page, string reached)
    {
        for (var stops = 0; stops < 20; stops++)
        {
            await page.PressAsync("Tab");
            if ((await page.EvaluateAsync(reached)).GetBoolean())
                return;
        }

        Assert.Fail($"20 stops do not lead to where {reached}");
    }

    private async Task<DaemonHarness> StartedAsync(int seed, int faulty, string? token = null)
    {
        var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        harness.Http.AdminToken = token;
        var readings = new MeterReadings(seed);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        harness.Write(readings, 0, faulty);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + faulty);
        return harness;
    }
}
