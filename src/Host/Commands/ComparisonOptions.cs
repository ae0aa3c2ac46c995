using System.CommandLine;
using Orchestrator.Abstractions;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>Options of the commands that print statistics.</summary>
internal static class ComparisonOptions
{
    private const int WidthOfAPipe = 160;
    private static readonly string[] Formats = ["text", "markdown", "latex", "csv"];

    /// <param name="otherwise">Which it is when it is not given, in a sentence.</param>
    public static Option<string?> Metric(string otherwise) => new("--metric")
    {
        Description = $"The number that counts: {string.Join(", ", RunMetric.All.Select(m => m.Key))}. {otherwise}",
        HelpName = "name",
    };

    public static Option<string> Format() => new("--format")
    {
        Description = $"How tables are printed: {string.Join(", ", Formats)}.",
        HelpName = "name",
        DefaultValueFactory = _ => Formats[0],
    };

    public static Option<string> Ledgers() => new("--results")
    {
        Description = "Where ledgers lie, NAME.csv; a row counts where the run's folder is gone.",
        HelpName = "dir",
        DefaultValueFactory = _ => "results",
    };

    public static RunMetric MetricOf(string text) => Choose(text, RunMetric.All.ToDictionary(m => m.Key), "--metric");

    /// <summary>The metric of the sweeps, where they have one in common; else the usual one.</summary>
    public static RunMetric MetricOf(IReadOnlyList<ComparisonOperand> operands) =>
        operands.Select(operand => RunMetric.All.FirstOrDefault(metric => metric.Table.Name == operand.Sweep?.Metric)).Distinct().ToList() is [{ } only] ? only : RunMetric.All[0];

    public static string FormatOf(string text) => Choose(text, Formats.ToDictionary(f => f), "--format");

    /// <summary>How wide tables may be.</summary>
    public static int Width(Terminal terminal) => Console.IsOutputRedirected ? WidthOfAPipe : terminal.Out.Profile.Width;

    private static T Choose<T>(string text, Dictionary<string, T> values, string option) => values.TryGetValue(text, out var value)
        ? value
        : throw new UserException($"{option}: '{text}' is not allowed; {string.Join(", ", values.Keys)} are{NearestMatch.Suffix(text, values.Keys)}");
}
