using System.Globalization;
using System.Text;

namespace AEAnomaly.Host.Reports;

/// <summary>Draws one plot as SVG; colours come from the style sheet of the page, so light and dark need no second drawing.</summary>
internal sealed class Plot(int width, int height, PlotAxis x, PlotAxis y)
{
    private const int Left = 58;
    private const int Right = 18;
    private const int Top = 14;
    private const int Bottom = 46;

    private readonly StringBuilder _marks = new();

    private double Width => width - Left - Right;

    private double Height => height - Top - Bottom;

    /// <summary>Adds a line through points.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, string style) =>
        Add($"<polyline class=\"line {style}\" points=\"{Points(points)}\" />");

    /// <summary>Adds a line and the area below it.</summary>
    public void Area(IReadOnlyList<(double X, double Y)> points, string style)
    {
        var outline = points.Prepend((points[0].X, y.From)).Append((points[^1].X, y.From));
        Add($"<polygon class=\"area {style}\" points=\"{Points(outline)}\" />");
        Line(points, style);
    }

    /// <summary>Adds a bar between two values of the horizontal axis.</summary>
    public void Bar(double from, double to, double value, string style)
    {
        if (value <= 0)
            return;
        var left = PlaceX(from);
        var top = PlaceY(value);
        Add($"<rect class=\"bar {style}\" x=\"{left:0.##}\" y=\"{top:0.##}\" width=\"{Math.Max(0.5, PlaceX(to) - left - 0.6):0.##}\" height=\"{PlaceY(y.From) - top:0.##}\" />");
    }

    /// <summary>Adds a dot with a text beside it.</summary>
    public void Dot(double valueX, double valueY, string text)
    {
        var left = PlaceX(valueX);
        var top = PlaceY(valueY);
        var isLeft = left > Left + (Width * 0.6);
        Add($"<circle class=\"dot\" cx=\"{left:0.##}\" cy=\"{top:0.##}\" r=\"5\" />");
        Add($"<text class=\"note\" x=\"{left + (isLeft ? -10 : 10):0.##}\" y=\"{Math.Clamp(top + 16, Top + 12, height - Bottom - 6):0.##}\" text-anchor=\"{(isLeft ? "end" : "start")}\">{HtmlText.Escape(text)}</text>");
    }

    /// <summary>Adds a vertical line across the plot with a text at its upper end.</summary>
    public void Vertical(double value, string text)
    {
        var left = PlaceX(value);
        var isLeft = left > Left + (Width * 0.7);
        Add($"<line class=\"threshold\" x1=\"{left:0.##}\" x2=\"{left:0.##}\" y1=\"{Top}\" y2=\"{height - Bottom}\" />");
        Add($"<text class=\"note\" x=\"{left + (isLeft ? -8 : 8):0.##}\" y=\"{Top + 12}\" text-anchor=\"{(isLeft ? "end" : "start")}\">{HtmlText.Escape(text)}</text>");
    }

    /// <summary>Writes the drawing.</summary>
    /// <param name="id">Identifier within the page.</param>
    /// <param name="title">What it shows, for those who cannot see it.</param>
    public string ToSvg(string id, string title)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg id=\"{id}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{HtmlText.Escape(title)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{HtmlText.Escape(title)}</title>");
        foreach (var (value, text) in x.Ticks())
        {
            var left = PlaceX(value);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{left:0.##}\" x2=\"{left:0.##}\" y1=\"{Top}\" y2=\"{height - Bottom}\" />");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{left:0.##}\" y=\"{height - Bottom + 17}\" text-anchor=\"middle\">{text}</text>");
        }

        foreach (var (value, text) in y.Ticks())
        {
            var top = PlaceY(value);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{width - Right}\" y1=\"{top:0.##}\" y2=\"{top:0.##}\" />");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{Left - 8}\" y=\"{top + 4:0.##}\" text-anchor=\"end\">{text}</text>");
        }

        svg.Append(_marks);
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{Left}\" x2=\"{width - Right}\" y1=\"{height - Bottom}\" y2=\"{height - Bottom}\" />");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis-title\" x=\"{Left + (Width / 2):0.##}\" y=\"{height - 8}\" text-anchor=\"middle\">{HtmlText.Escape(x.Title)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis-title\" transform=\"translate(14 {Top + (Height / 2):0.##}) rotate(-90)\" text-anchor=\"middle\">{HtmlText.Escape(y.Title)}</text>");
        return svg.Append("</svg>").ToString();
    }

    private double PlaceX(double value) => Left + (x.Place(value) * Width);

    private double PlaceY(double value) => Top + ((1 - y.Place(value)) * Height);

    private string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{PlaceX(p.X):0.##},{PlaceY(p.Y):0.##}")));

    private void Add(FormattableString mark) => _marks.Append(mark.ToString(CultureInfo.InvariantCulture));
}
