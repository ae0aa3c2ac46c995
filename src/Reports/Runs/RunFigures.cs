namespace Orchestrator.Reports;

/// <summary>Figures of a run: loss, accuracy, staleness, gap.</summary>
internal static class RunFigures
{
    private const string Band = "mean of bins of equally many pushes; the band reaches from the smallest to the largest of each";

    public static IEnumerable<Plot> Of(RunData data)
    {
        yield return new Plot
        {
            Name = "loss",
            Caption = $"Loss by epoch: training loss of the pushes ({Band}), and mean loss over the test samples at each evaluation.",
            XName = "epochs",
            YName = "loss",
            Lines = [new PlotLine("training loss", data.Pushes("loss")), new PlotLine("test loss", data.Evaluations("testLoss"))],
        };
        if (data.HasAccuracy)
        {
            yield return new Plot
            {
                Name = "accuracy",
                Caption = "Test accuracy by epoch, at each evaluation.",
                XName = "epochs",
                YName = "test accuracy, %",
                Limit = 100,
                Lines = [new PlotLine("test accuracy", data.Evaluations("testAccuracy"))],
            };
        }

        yield return new Plot
        {
            Name = "gap",
            Caption = $"Gap by epoch, root mean square per parameter: {Band}.",
            XName = "epochs",
            YName = "gap",
            Lines = [new PlotLine("gap", data.Pushes("gap"))],
        };
        var (names, counts) = data.StalenessCounts();
        yield return new Plot
        {
            Name = "staleness",
            Caption = "Staleness of all pushes that arrived: updates between a worker's pull and its arrival.",
            XName = "staleness, updates",
            YName = "pushes",
            IsBars = true,
            Categories = names.Count <= 24 ? names : null,
            Lines = [new PlotLine("pushes", [.. counts.Select((count, i) => new PlotPoint(i, count))])],
        };
    }
}
