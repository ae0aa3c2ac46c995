namespace Orchestrator.Statistics.Tables;

/// <summary>What stands below a sweep's table.</summary>
internal static class CellTableCaption
{
    public static string Of(CellTable table)
    {
        var runs = table.Rows.Sum(r => r.Summary.NoConvergence.Of);
        var without = table.Rows.Sum(r => r.Summary.NoConvergence.Count);
        var several = table.AveragedOver.Count == 0 ? "runs" : "means";
        List<string> sentences =
        [
            $"{Capital(table.Metric.Heading)}: mean over the n seeds of a cell that converged, ± half of the 95 % t interval of the mean; sd with n - 1.",
        ];
        if (table.AveragedOver.Count > 0)
        {
            sentences.Add($"Each seed counts once, with its mean over {string.Join(" and ", table.AveragedOver)}, which did not converge where one of its runs did not.");
        }

        sentences.Add(without == 0
            ? $"NC, {several} that did not converge, would be counted and never averaged: there are none among {runs}."
            : $"NC: {without} of {runs} {several} did not converge; they are counted in that column and averaged nowhere.");
        var missing = table.Rows.Sum(r => r.Missing);
        if (missing > 0)
        {
            sentences.Add($"{missing} {(missing == 1 ? "run is" : "runs are")} missing: failed or not run yet.");
        }

        if (table.Rows.Any(r => r.Published is not null))
        {
            sentences.Add(PublishedWords.Caption(table));
        }

        return string.Join(' ', sentences);
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
