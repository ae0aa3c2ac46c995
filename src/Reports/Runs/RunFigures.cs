namespace Orchestrator.Reports;

/// <summary>Figures of a run: loss, accuracy, staleness, gap.</summary>
internal static class RunFigures
{
    private const string Band = "mean of bins of equally many pushes; the band reaches from the smallest to the largest of each";

    public static IEnumerable<Plot> Of(RunData data)
    {
        var over = data.HasMoreSets ? "samples of each set" : "test samples";
        yield return new Plot
        {
            Name = "loss",
            Caption = $"Loss by epoch: training loss of the pushes ({Band}), and mean loss over the {over} at each evaluation.",
            XName = "epochs",
            YName = "loss",
            Lines = [new PlotLine("training loss", data.Pushes("loss")), new PlotLine("test loss", data.Evaluations("testLoss")), .. MoreSets(data, "Loss", "loss")],
        };
        if (data.HasAccuracy)
        {
            yield return new Plot
            {
                Name = "accuracy",
                Caption = data.HasMoreSets ? "Accuracy on each set by epoch, at each evaluation." : "Test accuracy by epoch, at each evaluation.",
                XName = "epochs",
                YName = data.HasMoreSets ? "accuracy, %" : "test accuracy, %",
                Limit = 100,
                Lines = [new PlotLine("test accuracy", data.Evaluations("testAccuracy")), .. MoreSets(data, "Accuracy", "accuracy")],
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
        var (names, counts, width) = data.StalenessCounts();
        if (counts.Count == 0)
        {
            yield break;
        }

        yield return new Plot
        {
            Name = "staleness",
            Caption = "Staleness of all pushes that arrived: updates between a worker's pull and its arrival.",
            XName = "staleness, updates",
            YName = "pushes",
            IsBars = true,
            Categories = names.Count <= 24 ? names : null,
            Lines = [new PlotLine("pushes", [.. counts.Select((count, i) => new PlotPoint(names.Count <= 24 ? i : (i * width) + ((width - 1) / 2.0), count))])],
        };
    }

    // Those that were evaluated; the loss on the training samples is not that of the pushes.
    private static IEnumerable<PlotLine> MoreSets(RunData data, string column, string name)
    {
        foreach (var (line, of) in ((string, string)[])(data.HasMoreSets ? [($"{name} on the training samples", $"train{column}"), ($"validation {name}", $"validation{column}")] : []))
        {
            var points = data.Evaluations(of);
            if (points.Any(point => double.IsFinite(point.Y)))
            {
                yield return new PlotLine(line, points);
            }
        }
    }
}
