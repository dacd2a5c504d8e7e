namespace AEAnomaly.Host.Reports;

/// <summary>Holds the style sheet of report pages; light or dark as the reader's system is, printable, nothing loaded from elsewhere.</summary>
internal static class ReportStyle
{
    public const string Sheet =
        """
        :root { --page: #f4f6fa; --card: #ffffff; --ink: #16202f; --soft: #5d6b80; --rule: #e1e6ee; --normal: #3b82c4; --anomaly: #e4622d; --good: #16875d; --curve: #4f46e5; --shade: rgba(79,70,229,.10); color-scheme: light dark; }
        @media (prefers-color-scheme: dark) { :root { --page: #0f141c; --card: #182130; --ink: #e8edf5; --soft: #97a6bd; --rule: #2a3648; --normal: #60a5e8; --anomaly: #ff8a5c; --good: #4cc394; --curve: #9a95ff; --shade: rgba(154,149,255,.14); } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1200px; margin: 0 auto; padding: 36px 24px 48px; }
        header p { margin: 4px 0 0; color: var(--soft); }
        h1 { font-size: 27px; line-height: 1.2; margin: 0; letter-spacing: -.01em; }
        h2 { font-size: 16px; margin: 0 0 4px; }
        .eyebrow { text-transform: uppercase; letter-spacing: .08em; font-size: 12px; font-weight: 600; color: var(--curve); margin: 0 0 6px; }
        .lead { font-size: 17px; margin: 22px 0 20px; max-width: 880px; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 14px; margin-bottom: 18px; }
        .card, section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; }
        .card { padding: 14px 18px; }
        .card b { display: block; font-size: 27px; line-height: 1.2; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
        .card span { color: var(--soft); font-size: 13px; display: block; }
        section { padding: 20px 22px; margin-bottom: 18px; overflow-x: auto; }
        section > p { color: var(--soft); margin: 0 0 10px; font-size: 14px; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 18px; align-items: start; }
        svg { width: 100%; height: auto; display: block; font-family: inherit; }
        .grid { stroke: var(--rule); stroke-width: 1; }
        .axis { stroke: var(--soft); stroke-width: 1; }
        .tick { fill: var(--soft); font-size: 12px; }
        .axis-title { fill: var(--soft); font-size: 12.5px; }
        .note { fill: var(--ink); font-size: 12.5px; font-weight: 600; }
        .line { fill: none; stroke-width: 2.4; stroke-linejoin: round; }
        .line.curve { stroke: var(--curve); }
        .line.guess { stroke: var(--soft); stroke-width: 1.4; stroke-dasharray: 5 5; }
        .area { fill: var(--shade); stroke: none; }
        .dot { fill: var(--anomaly); stroke: var(--card); stroke-width: 2; }
        .bar.normal { fill: var(--normal); fill-opacity: .62; }
        .bar.anomaly { fill: var(--anomaly); fill-opacity: .62; }
        .threshold { stroke: var(--ink); stroke-width: 1.6; stroke-dasharray: 3 4; }
        .legend { display: flex; gap: 18px; color: var(--soft); font-size: 13px; margin: 0 0 6px; }
        .legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
        .legend .normal { background: var(--normal); }
        .legend .anomaly { background: var(--anomaly); }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: 7px 10px; border-bottom: 1px solid var(--rule); vertical-align: top; }
        th { color: var(--soft); font-weight: 600; font-size: 13px; }
        tr:last-child td, tr:last-child th { border-bottom: 0; }
        td.number, th.number { text-align: right; white-space: nowrap; }
        td.text { word-break: break-word; }
        .confusion td { text-align: center; padding: 16px; border-radius: 8px; }
        .confusion b { font-size: 22px; display: block; }
        .confusion .right b { color: var(--good); }
        .confusion .wrong b { color: var(--anomaly); }
        .confusion small, td small { color: var(--soft); }
        .track { background: var(--rule); border-radius: 4px; height: 9px; min-width: 120px; overflow: hidden; }
        .track + .track { margin-top: 3px; }
        .fill { height: 100%; border-radius: 4px; }
        .fill.normal { background: var(--normal); }
        .fill.anomaly { background: var(--anomaly); }
        .tag { display: inline-block; border-radius: 99px; padding: 1px 9px; font-size: 12px; font-weight: 600; color: var(--card); background: var(--normal); }
        .tag.anomaly { background: var(--anomaly); }
        footer { color: var(--soft); font-size: 13px; margin-top: 8px; }
        @media print { body { background: #fff; } section, .card { break-inside: avoid; } }
        """;
}
