namespace Orchestrator.Reports;

/// <summary>The places of charts on a page, and tables.</summary>
internal static class Charts
{
    /// <summary>A figure into which a script draws.</summary>
    /// <param name="id">Of the chart; its controls and captions have ids made of it.</param>
    /// <param name="title">Above it.</param>
    /// <param name="caption">Below it: what it shows. The script may add how.</param>
    /// <param name="isWide">Whether it takes the page's whole width, and more height.</param>
    /// <param name="hasControls">Whether there is something to choose.</param>
    public static Html Figure(string id, string title, string caption, bool isWide = false, bool hasControls = false)
    {
        var figure = new Html().Add($"""<figure id="{id}Figure" class="{(isWide ? "wide" : "")}"><h3 id="{id}Title">{title}</h3>""");
        if (hasControls)
        {
            figure.Add($"""<div class="controls" id="{id}Controls"></div>""");
        }

        figure.Add($"""<div class="chart{(isWide ? " tall" : "")}" id="{id}" tabindex="0" role="group" aria-labelledby="{id}Title" aria-describedby="{id}Caption"></div>""");
        return figure.Add($"""<figcaption id="{id}Caption">{caption} <span id="{id}Honest"></span></figcaption></figure>""");
    }

    /// <summary>Names and values, a line each.</summary>
    /// <param name="id">Of the table.</param>
    /// <param name="rows">The lines.</param>
    /// <param name="label">What a screen reader calls it; the id where it is null.</param>
    public static Html Facts(string id, IEnumerable<(string Name, string Value)> rows, string? label = null)
    {
        var table = new Html().Add($"""<div class="scroll" tabindex="0" role="group" aria-label="{label ?? id}"><table class="facts" id="{id}"><tbody>""");
        foreach (var (name, value) in rows)
        {
            table.Add($"""<tr><th scope="row">{name}</th><td>{value}</td></tr>""");
        }

        return table.Add($"</tbody></table></div>");
    }

    /// <summary>
    /// Numbers that a page begins with: a name, a value, and what else there is to say.
    /// </summary>
    public static Html Tiles(IEnumerable<(string Id, string Name, string Value, string More)> tiles)
    {
        var list = new Html().Add($"""<dl class="tiles">""");
        foreach (var (id, name, value, more) in tiles)
        {
            list.Add($"""<div><dt>{name}</dt><dd id="{id}">{value}</dd><dd class="more">{more}</dd></div>""");
        }

        return list.Add($"</dl>");
    }

    /// <summary>What stands below every page.</summary>
    public static Html Footer(string madeFrom) => new Html().Add(
        $"<noscript><p>Charts need JavaScript; the numbers do not.</p></noscript><footer><p>Made by Orchestrator from {madeFrom} alone. Charts: Apache ECharts, Apache License 2.0. This page makes no request.</p></footer>");
}
