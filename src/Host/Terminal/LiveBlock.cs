using Spectre.Console;
using Spectre.Console.Rendering;

namespace AEAnomaly.Host.Terminal;

/// <summary>Draws a block at the end of a terminal, again in place whenever it changes, and takes it away when disposed.</summary>
internal sealed class LiveBlock : IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly TaskCompletionSource _ended = new();
    private readonly Task _live;
    private LiveDisplayContext? _context;

    public LiveBlock(IAnsiConsole console)
    {
        _console = console;
        // Runs up to the first wait at once; the display then lives until the wait is over.
        _live = console.Live(Text.Empty).AutoClear(true).StartAsync(context =>
        {
            _context = context;
            return _ended.Task;
        });
    }

    /// <summary>Draws the block.</summary>
    public void Show(IRenderable block) => _context!.UpdateTarget(block);

    /// <summary>Writes a line above the block that stays.</summary>
    public void Note(string line) => _console.Write(new NoteLine(Printable.Line(line)));

    public void Dispose()
    {
        _ended.TrySetResult();
        _live.GetAwaiter().GetResult();
    }

    // The cursor stands where the block began, and what stood there must not show behind a shorter line.
    private sealed class NoteLine(string text) : Renderable
    {
        private const string EraseLine = "\u001b[2K";

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            yield return Segment.Control(EraseLine);
            foreach (var segment in ((IRenderable)new Text(text + '\n')).Render(options, maxWidth))
            {
                yield return segment;
                if (segment.IsLineBreak)
                    yield return Segment.Control(EraseLine);
            }
        }
    }
}
