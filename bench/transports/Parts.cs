using System.Diagnostics;
using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Bench.Transports;

/// <summary>What both benchmarks use: the program's plugins, child processes, tables.</summary>
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

    /// <summary>One line per case: median rate, its spread, and the median of the ratios to another case in the same round.</summary>
    public static void Show(IReadOnlyList<(string Name, string? Beside)> cases, IReadOnlyDictionary<string, List<double>> rates, string unit)
    {
        foreach (var (name, beside) in cases)
        {
            var all = rates[name];
            var line = $"{name,-26}{Median(all),10:F1} {unit}  ({all.Min():F1} to {all.Max():F1})";
            Console.WriteLine(beside is null ? line : line + $"  {Median(all.Zip(rates[beside], (a, b) => a / b)):F3} of {beside}");
        }
    }
}
