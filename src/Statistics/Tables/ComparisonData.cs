using System.Text;
using System.Text.Json;

namespace Orchestrator.Statistics.Tables;

/// <summary>
/// Comparisons for programs: full precision, nothing rounded, empty or null where nothing can be
/// said.
/// </summary>
internal static class ComparisonData
{
    private static readonly string[] Columns =
    [
        "where", "a", "b", "n", "common_seeds", "unpaired", "difference", "sd", "low95", "high95", "low90", "high90", "bca_low95", "bca_high95", "p_sign_flip",
        "smallest_p", "p_holm", "probability_of_improvement", "only_a_converged", "only_b_converged", "p_mcnemar", "p_mcnemar_holm", "verdict", "seeds_needed",
    ];

    public static string Csv(ComparisonTable table)
    {
        var text = new StringBuilder(Tables.Csv.Line(Columns));
        foreach (var c in table.Family.Comparisons)
        {
            double?[] numbers =
            [
                c.Difference.Mean, c.Difference.StandardDeviation, c.Interval?.Low, c.Interval?.High, c.Interval90?.Low, c.Interval90?.High, c.Bootstrap?.Low,
                c.Bootstrap?.High, c.P, c.SmallestP, c.AdjustedP, c.ProbabilityOfImprovement, c.ConvergedAlone.A, c.ConvergedAlone.B, c.ConvergenceP,
                c.AdjustedConvergenceP,
            ];
            text.Append(Tables.Csv.Line([
                c.Environment, c.A, c.B, Tables.Csv.Whole(c.Difference.N), Tables.Csv.Whole(c.CommonSeeds), Tables.Csv.Whole(c.Unpaired),
                .. numbers.Select(Tables.Csv.Number),
                ComparisonWords.Key(c.Verdict), Tables.Csv.Whole(c.SeedsNeeded),
            ]));
        }

        return text.ToString();
    }

    public static string Json(ComparisonTable table) => Tables.Json.Write(json => Write(json, table));

    public static void Write(Utf8JsonWriter json, ComparisonTable table)
    {
        json.WriteString("metric", table.Metric.Name);
        json.WriteString("unit", table.Metric.DifferenceUnit);
        json.Number("delta", table.Family.Terms.Delta);
        json.WriteString("caption", table.Caption);
        json.Objects("comparisons", table.Family.Comparisons, c => Comparison(json, c, table.Family.Terms));
    }

    private static void Comparison(Utf8JsonWriter json, PairedComparison c, ComparisonTerms terms)
    {
        json.WriteString("where", c.Environment);
        json.WriteString("a", c.A);
        json.WriteString("b", c.B);
        json.WriteNumber("n", c.Difference.N);
        json.WriteNumber("commonSeeds", c.CommonSeeds);
        json.WriteNumber("unpaired", c.Unpaired);
        json.Number("difference", c.Difference.Mean);
        json.Number("sd", c.Difference.StandardDeviation);
        json.Interval("interval95", c.Interval);
        json.Interval("interval90", c.Interval90);
        json.Interval("bca95", c.Bootstrap);
        json.Number("p", c.P);
        json.Number("smallestP", c.SmallestP);
        json.Number("adjustedP", c.AdjustedP);
        json.Number("probabilityOfImprovement", c.ProbabilityOfImprovement);
        json.WriteNumber("onlyAConverged", c.ConvergedAlone.A);
        json.WriteNumber("onlyBConverged", c.ConvergedAlone.B);
        json.Number("convergenceP", c.ConvergenceP);
        json.Number("adjustedConvergenceP", c.AdjustedConvergenceP);
        json.WriteString("verdict", ComparisonWords.Key(c.Verdict));
        json.WriteString("verdictText", ComparisonWords.Of(c, terms));
        json.Number("seedsNeeded", c.SeedsNeeded);
    }
}
