using System.Diagnostics;
using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Bench.Transports;

/// <summary>What the benchmark uses: the program's plugins, child processes, tables.</summary>
internal static class Parts
{
    private static readonly Lazy<PluginCatalog> Shipped = new(() => PluginCatalog.Read([Metadata("Plugins")]));

    public static PluginCatalog Catalog => Shipped.Value;

    public static ITransport Transport(string name) => Catalog.Create<ITransport>(Catalog.Find(PluginKind.Transport, name)!);

    public static string Metadata(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    public static Process Self(params string[] arguments) => Process.Start(Environment.ProcessPath!, arguments);

    public static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}");
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// A Markdown table: median rate, its spread, and the median of the ratios to another case in
    /// the same round.
    /// </summary>
    public static void Show(string title, string unit, IReadOnlyList<Case> cases, IReadOnlyDictionary<string, List<double>> rates)
    {
        Console.WriteLine($"{title}\n\n| | {unit} | least to most | of | ratio | goal |\n|---|---:|---:|---|---:|---:|");
        foreach (var (name, beside, goal) in cases)
        {
            var all = rates[name];
            var ratio = beside is null ? "| | " : $"| {beside} | {Median(all.Zip(rates[beside], (a, b) => a / b)):F3} ";
            Console.WriteLine($"| {name} | {Median(all):F1} | {all.Min():F1} to {all.Max():F1} {ratio}| {(goal is null ? "" : $"{goal:F2}")} |");
        }

        Console.WriteLine();
    }
}

/// <summary>What is measured.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Beside">What its rate is divided by; null for none.</param>
/// <param name="Goal">The ratio that it should have.</param>
internal sealed record Case(string Name, string? Beside = null, double? Goal = null);
