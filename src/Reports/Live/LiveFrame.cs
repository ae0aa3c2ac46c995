using System.Text.Json;

namespace Orchestrator.Reports;

/// <summary>What a page that goes on changing has above and below what a report has.</summary>
/// <param name="Above">Where it comes from, and how to hold it.</param>
/// <param name="Below">Instead of the report's footer.</param>
internal sealed record LiveFrame(Html Above, Html Below)
{
    /// <param name="madeFrom">What the page shows.</param>
    /// <param name="hasIndex">Whether there is a page above it.</param>
    public static LiveFrame Of(string madeFrom, bool hasIndex = true) => new(
        new Html().Add($"""<nav class="live" aria-label="Live page">{Index(hasIndex)}<span id="liveState" class="status open" role="status">connecting</span> <button type="button" id="livePause" aria-pressed="false">Pause</button> <span id="liveNote" class="hint"></span></nav>"""),
        new Html().Add($"<noscript><p>Charts, and what changes, need JavaScript.</p></noscript><footer><p>Made by Orchestrator from {madeFrom} alone, while it grows. Charts: Apache ECharts, Apache License 2.0. This page asks the program that serves it, and nobody else.</p></footer>"));

    /// <summary>Where the reading stands.</summary>
    /// <param name="json">The page's state.</param>
    /// <param name="hasEnded">Whether nothing more will change.</param>
    /// <param name="stands">Whether all that there is was read, and nobody writes more now.</param>
    /// <param name="note">For people.</param>
    public static void Write(Utf8JsonWriter json, bool hasEnded, bool stands, string note) => json.Object("live", () =>
    {
        json.WriteBoolean("hasEnded", hasEnded);
        json.WriteBoolean("stands", stands);
        json.WriteString("note", note);
    });

    /// <summary>Markup by the id of its element.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<(string Id, Html Content)> parts) => json.Object("parts", () =>
    {
        foreach (var (id, content) in parts)
        {
            json.WriteString(id, content.ToString());
        }
    });

    private static Html Index(bool hasIndex) => hasIndex ? new Html().Add($"""<a href="/">All runs</a> """) : new Html();
}
