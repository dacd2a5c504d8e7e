namespace AEAnomaly.Host.Demo;

/// <summary>Shows a running demo: as a redrawn block on a terminal, as lines elsewhere.</summary>
internal interface IDemoView : IDisposable
{
    /// <summary>Shows where things stand.</summary>
    void Show(DemoFrame frame);

    /// <summary>Shows one alert's sentence.</summary>
    void Alert(DemoAlert alert);

    /// <summary>Shows a line that stays: a start, a warning.</summary>
    void Note(string line);
}
