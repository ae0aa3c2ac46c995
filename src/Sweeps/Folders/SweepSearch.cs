using Orchestrator.Abstractions;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>Finds sweeps by what a user types.</summary>
public static class SweepSearch
{
    private const int MostShown = 5;

    /// <summary>
    /// Finds a sweep by its folder, its id or the beginning of it, or its pipeline's name, which
    /// means the newest of that name.
    /// </summary>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="query">What the user typed; null means the newest of all.</param>
    /// <exception cref="RunRefusedException">None fits, or several do.</exception>
    public static SweepFolder Find(string output, string? query)
    {
        if (query is not null && File.Exists(Path.Combine(query, SweepFolder.DocumentName)))
        {
            return new SweepFolder(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(query).TrimEnd(Path.DirectorySeparatorChar)))!, query);
        }

        var all = SweepFolder.All(output);
        if (all.Count == 0)
        {
            throw new RunRefusedException($"{query ?? "sweep"}: there is no sweep in {Path.GetFullPath(output)}; 'run FILE' begins one.");
        }

        List<SweepFolder> named = [.. all.Where(sweep => query is null || NameOf(sweep) == query)];
        return named.Count > 0
            ? named.MaxBy(sweep => File.GetLastWriteTimeUtc(Path.Combine(sweep.FullPath, SweepFolder.DocumentName)))!
            : ById(all, query!);
    }

    /// <summary>The id as the folder is named, 12 hexadecimal digits.</summary>
    public static string IdOf(SweepFolder sweep) => Path.GetFileName(sweep.FullPath)[SweepFolder.Prefix.Length..];

    /// <summary>The name of its pipeline, as the folder above it has it.</summary>
    public static string NameOf(SweepFolder sweep) => Path.GetFileName(Path.GetDirectoryName(sweep.FullPath)!);

    private static SweepFolder ById(IReadOnlyList<SweepFolder> all, string query)
    {
        var wanted = query.StartsWith(SweepFolder.Prefix, StringComparison.Ordinal) ? query[SweepFolder.Prefix.Length..] : query;
        List<SweepFolder> fitting = [.. all.Where(sweep => wanted.Length > 0 && IdOf(sweep).StartsWith(wanted, StringComparison.Ordinal))];
        return fitting switch
        {
            [var only] => only,
            [] => throw new RunRefusedException(
                $"{query}: no such sweep; {string.Join(", ", all.Take(MostShown).Select(Told))}{(all.Count > MostShown ? ", ..." : "")} are there{NearestMatch.Suffix(query, [.. all.Select(NameOf), .. all.Select(IdOf)])}"),
            _ => throw new RunRefusedException($"{query}: {fitting.Count} sweeps fit: {string.Join(", ", fitting.Take(MostShown).Select(Told))}; give more of the id."),
        };
    }

    private static string Told(SweepFolder sweep) => $"{NameOf(sweep)} {IdOf(sweep)}";
}
