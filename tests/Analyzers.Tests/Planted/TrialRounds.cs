using System.Globalization;

namespace Orchestrator.Analyzers.Tests.Planted;

/// <summary>
/// Many trials of each kind: faults that must be named, and clean runs that must not be accused.
/// </summary>
internal static class TrialRounds
{
    /// <param name="arguments">How many of each kind, 100 by default; then, if given, the one kind,
    /// and the number of the first trial.</param>
    /// <returns>The exit code: 0 where everything was named and nobody accused.</returns>
    public static int Run(string[] arguments)
    {
        var count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100;
        var first = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 1;
        var isPerfect = true;
        foreach (var (name, judge) in Trial.Kinds.Where(kind => arguments.Length < 2 || kind.Name == arguments[1]))
        {
            // A folder for each kind: what 3,600 runs leave is much.
            using var runs = new RealRuns();
            var verdicts = new Verdict[count];
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, n => verdicts[n] = judge(new Trial(runs, first + n)));
            var (named, accused) = (verdicts.Count(v => v.IsNamed), verdicts.Count(v => v.Others.Count > 0));
            isPerfect &= named == count && accused == 0;
            Console.WriteLine(name.StartsWith("clean", StringComparison.Ordinal) || name.StartsWith(
                "harmless",
                StringComparison.Ordinal) ? $"{name}: {accused} of {count} accused" : $"{name}: {named} of {count} named, {accused} with something else "
                    + "beside it");
            foreach (var (verdict, n) in verdicts.Select((verdict, n) => (verdict, first + n)).Where(v => !v.verdict.IsNamed || v.verdict.Others.Count > 0))
            {
                Console.WriteLine($"  {n}: {(verdict.IsNamed ? "" : "NOT NAMED ")}{string.Join(" | ", verdict.Others)}");
            }
        }

        return isPerfect ? 0 : 1;
    }
}
