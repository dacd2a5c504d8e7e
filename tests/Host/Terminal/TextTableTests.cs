using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Tests.Terminal;

/// <summary>A table is drawn where it can be, and plain lines elsewhere.</summary>
public sealed class TextTableTests
{
    private static readonly string[] Heading = ["field", "reason"];
    private static readonly string[][] Rows = [["amount", "a [number]"], ["card", "tab\there"]];

    [Fact]
    public void Write_NoTerminal_ColumnsLineUp()
    {
        using var output = new StringWriter { NewLine = "\n" };

        TextTable.Write(output, null, Heading, Rows);

        Assert.Equal("field   reason\namount  a [number]\ncard    tab\uFFFDhere\n", output.ToString());
    }

    [Fact]
    public void Write_Terminal_DrawsATable()
    {
        using var screen = new TerminalScreen(width: 60);

        TextTable.Write(screen, screen.Console, Heading, Rows);

        Assert.Equal(
            [
                "╭────────┬────────────╮",
                "│ field  │ reason     │",
                "├────────┼────────────┤",
                "│ amount │ a [number] │",
                "│ card   │ tab\uFFFDhere   │",
                "╰────────┴────────────╯",
            ],
            screen.Lines);
    }
}
