using System.Text;

namespace Orchestrator.Reports;

/// <summary>
/// A page in one file. Its own policy forbids every request and every script and style but those
/// that it carries, by their hashes; data is JSON in a block that no browser runs. A page that is
/// served may ask its own server, for what is new, and nobody else.
/// </summary>
internal static class Page
{
    private const string Shared = "page.js";
    private const string Style = "page.css";

    // What begins to draw, after the scripts that can: once, or again and again.
    private const string Once = "report.js";
    private const string Live = "live.js";

    /// <param name="title">In the browser's tab.</param>
    /// <param name="body">The page without its scripts.</param>
    /// <param name="script">The name of the script that draws it, after the one that all pages
    /// share.</param>
    /// <param name="data">JSON in which <c>&lt;</c> is escaped, as <see cref="PageJson"/> writes
    /// it.</param>
    /// <param name="isLive">Whether it is served.</param>
    /// <param name="hasCharts">Whether it carries the charts' library.</param>
    public static byte[] Make(string title, Html body, string script, string data, bool isLive = false, bool hasCharts = true)
    {
        var style = Assets.Text(Style);
        var code = Code(script, isLive);
        var policy = Policy(script, isLive);
        var head = new Html().Add($"<title>{title}</title>");
        return Encoding.UTF8.GetBytes($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            {head}
            <style>{style}</style>
            </head>
            <body>
            {body}
            <script type="application/json" id="data">{data}</script>
            <script type="text/plain" id="charts">{(hasCharts ? Assets.PackedCharts : "")}</script>
            <script>{code}</script>
            </body>
            </html>

            """);
    }

    /// <summary>What the page that <see cref="Make"/> makes of this script may do.</summary>
    public static string Policy(string script, bool isLive) =>
        $"default-src 'none'; script-src {Assets.Hash(Encoding.UTF8.GetBytes(Code(script, isLive)))} {Assets.ChartsHash}; style-src {Assets.Hash(Encoding.UTF8.GetBytes(Assets.Text(Style)))}; {(isLive ? "connect-src 'self'; " : "")}base-uri 'none'; form-action 'none'";

    private static string Code(string script, bool isLive) => Assets.Text(Shared) + Assets.Text(script) + Assets.Text(isLive ? Live : Once);
}
