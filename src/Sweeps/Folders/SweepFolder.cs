using System.Text;
using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>
/// The folder of a sweep, <c>OUTPUT/NAME/sweep-ID/</c>, beside the run folders of its runs. Claims
/// and completions lie in <c>OUTPUT/.sweeps/</c>, by run: sweeps that have runs in common share
/// them.
/// </summary>
/// <param name="output">The folder of all runs.</param>
/// <param name="path">The sweep's own.</param>
public sealed class SweepFolder(string output, string path)
{
    /// <summary>What the folders of sweeps begin with.</summary>
    public const string Prefix = "sweep-";

    /// <summary>The file that says what a sweep asks.</summary>
    public const string DocumentName = "sweep.json";

    private const string PublishedName = "published.csv";
    private const string ClaimsName = ".sweeps";
    private const int LargestDocument = 256 << 20;

    /// <summary>Full path.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>Full path of the folder of all runs.</summary>
    public string Output { get; } = Path.GetFullPath(output);

    /// <summary>Where claims and completions lie.</summary>
    public string Claims => ClaimsOf(Output);

    /// <summary>Where claims and completions lie under a folder of runs.</summary>
    public static string ClaimsOf(string output) => Path.Combine(Path.GetFullPath(output), ClaimsName);

    /// <summary>The folder of a plan; it may not be there yet.</summary>
    public static SweepFolder Of(string output, SweepPlan plan) =>
        new(output, Path.Combine(output, RunFolder.DirectoryName(plan.Name), Prefix + SweepDocument.IdOf(plan)));

    /// <summary>
    /// The folders of all sweeps under a folder of runs, in order of their names.
    /// </summary>
    public static IReadOnlyList<SweepFolder> All(string output) => Directory.Exists(output)
        ? [.. Directory.EnumerateDirectories(Path.GetFullPath(output)).Order(StringComparer.Ordinal)
            .SelectMany(name => Directory.EnumerateDirectories(name, Prefix + "*").Order(StringComparer.Ordinal))
            .Where(folder => File.Exists(Path.Combine(folder, DocumentName))).Select(folder => new SweepFolder(output, folder))]
        : [];

    /// <summary>
    /// Writes <c>sweep.json</c>, which is the same whoever writes it, and what was published, so that
    /// nothing is asked of the user's files any more.
    /// </summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Start(SweepPlan plan, string frozen)
    {
        Directory.CreateDirectory(FullPath);
        Directory.CreateDirectory(Claims);
        if (plan.Published is { } text)
        {
            Write(PublishedName, text);
        }

        Write(DocumentName, SweepDocument.Of(plan, frozen).ToJson());
    }

    /// <summary>The published values that it was begun with; null where it has none.</summary>
    public string? PublishedFile => Path.Combine(FullPath, PublishedName) is var file && File.Exists(file) ? file : null;

    /// <summary>Reads <c>sweep.json</c>.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="JsonException">It is damaged.</exception>
    public SweepDocument Read() => SweepDocument.Parse(RegularFile.ReadAllBytes(Path.Combine(FullPath, DocumentName), LargestDocument));

    /// <summary>Writes a file of the sweep, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string name, string text)
    {
        var (file, bytes) = (Path.Combine(FullPath, name), Encoding.UTF8.GetBytes(text));
        if (!File.Exists(file) || new FileInfo(file).Length != bytes.Length || !RegularFile.ReadAllBytes(file, bytes.Length).AsSpan().SequenceEqual(bytes))
        {
            WholeFile.WriteAmongOthers(file, bytes);
        }
    }
}
