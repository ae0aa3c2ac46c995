using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// The folder of one launch, <c>OUTPUT/.launches/NAME-N/</c>: scripts, the profile, logs of tasks
/// (<c>*.log</c>), and what was submitted. Its owner alone can read it.
/// </summary>
/// <param name="path">The folder.</param>
public sealed class LaunchFolder(string path)
{
    /// <summary>The profile as it was.</summary>
    public const string ProfileName = "profile.json";

    private const string RecordName = "launch.json";
    private const string AllName = ".launches";
    private const int LargestRecord = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Full path.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>How a user names it.</summary>
    public string Name => Path.GetFileName(FullPath);

    /// <summary>Logs of its tasks, by name.</summary>
    public IReadOnlyList<string> Logs => [.. Directory.EnumerateFiles(FullPath, "*.log").Order(StringComparer.Ordinal)];

    /// <summary>Where the next launch of a pipeline would lie; nothing is made.</summary>
    public static LaunchFolder Next(string output, string pipeline)
    {
        var (all, number) = (AllOf(output), 1);
        while (Directory.Exists(Numbered(all, pipeline, number)))
        {
            number++;
        }

        return new LaunchFolder(Numbered(all, pipeline, number));
    }

    /// <summary>Makes the folder of a new launch, which is no other's.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static LaunchFolder Make(string output, string pipeline)
    {
        while (true)
        {
            var folder = Next(output, pipeline);
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder.FullPath);
            }
            else
            {
                Directory.CreateDirectory(AllOf(output));
                Directory.CreateDirectory(folder.FullPath, OwnerOnly);
            }

            try
            {
                // Whoever makes this file has the folder.
                using var own = new FileStream(Path.Combine(folder.FullPath, ProfileName), FileMode.CreateNew);
                return folder;
            }
            catch (IOException) when (File.Exists(Path.Combine(folder.FullPath, ProfileName)))
            {
                // Another process was first.
            }
        }
    }

    /// <summary>Finds a launch by its name or folder, or by its pipeline: the newest of
    /// those.</summary>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="query">What the user typed; null means the newest of all.</param>
    /// <exception cref="RunRefusedException">There is none.</exception>
    public static LaunchFolder Find(string output, string? query)
    {
        if (query is not null && File.Exists(Path.Combine(query, RecordName)))
        {
            return new LaunchFolder(query);
        }

        var all = All(output);
        return all.FirstOrDefault(launch => launch.Name == query) ?? all.FirstOrDefault(launch => query is null || Trunk(launch.Name) == query)
            ?? throw new RunRefusedException(all.Count == 0
                ? $"{query ?? "launch"}: nothing was launched in {Path.GetFullPath(output)}; 'run FILE --launcher NAME' does."
                : $"{query}: there is no such launch; {string.Join(", ", all.Take(5).Select(launch => launch.Name))}{(all.Count > 5 ? ", ..." : "")} are there{NearestMatch.Suffix(query!, all.Select(launch => launch.Name))}");
    }

    /// <summary>All launches that were submitted, the newest first.</summary>
    public static IReadOnlyList<LaunchFolder> All(string output) => Directory.Exists(AllOf(output))
        ? [.. Directory.EnumerateDirectories(AllOf(output)).Where(folder => File.Exists(Path.Combine(folder, RecordName)))
            .OrderByDescending(folder => File.GetLastWriteTimeUtc(Path.Combine(folder, RecordName))).ThenBy(folder => folder, StringComparer.Ordinal).Select(folder => new LaunchFolder(folder))]
        : [];

    /// <summary>Writes a file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(LaunchFile file) => File.WriteAllText(Path.Combine(FullPath, file.Name), file.Text, new UTF8Encoding(false));

    /// <summary>Writes <c>launch.json</c>.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(LaunchRecord record) => Write(new LaunchFile(RecordName, record.ToJson()));

    /// <summary>Reads <c>launch.json</c>.</summary>
    /// <exception cref="RunRefusedException">It cannot be read.</exception>
    public LaunchRecord Read()
    {
        var file = Path.Combine(FullPath, RecordName);
        try
        {
            return LaunchRecord.Parse(RegularFile.ReadAllBytes(file, LargestRecord));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunRefusedException($"{file}: cannot be read: {failure.Message}");
        }
    }

    private static string AllOf(string output) => Path.Combine(Path.GetFullPath(output), AllName);

    private static string Numbered(string all, string pipeline, int number) =>
        Path.Combine(all, string.Create(CultureInfo.InvariantCulture, $"{RunFolder.DirectoryName(pipeline)}-{number}"));

    private static string Trunk(string name) => name[..Math.Max(0, name.LastIndexOf('-'))];
}
