using System.Text;

namespace Orchestrator.Reports;

/// <summary>
/// A page in one file. Its own policy forbids every request and every script and style but those
/// that it carries, by their hashes; data is JSON in a block that no browser runs.
/// </summary>
internal static class Page
{
    /// <param name="title">In the browser's tab.</param>
    /// <param name="body">The page without its scripts.</param>
    /// <param name="script">The name of the script that draws it, after the one that all pages
    /// share.</param>
    /// <param name="data">JSON in which <c>&lt;</c> is escaped, as <see cref="PageJson"/> writes
    /// it.</param>
    public static byte[] Make(string title, Html body, string script, string data)
    {
        var style = Assets.Text("page.css");
        var code = Assets.Text("page.js") + Assets.Text(script);
        var policy = $"default-src 'none'; script-src {Assets.Hash(Encoding.UTF8.GetBytes(code))} {Assets.ChartsHash}; style-src {Assets.Hash(Encoding.UTF8.GetBytes(style))}; base-uri 'none'; form-action 'none'";
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
            <script type="text/plain" id="charts">{Assets.PackedCharts}</script>
            <script>{code}</script>
            </body>
            </html>

            """);
    }
}
