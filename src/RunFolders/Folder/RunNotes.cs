using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>notes.json</c>: what a person has to say of a run. It lies in the run's folder, so it goes
/// where the run goes; nothing that the program computes depends on it.
/// </summary>
public sealed record RunNotes
{
    /// <summary>The file's name.</summary>
    public const string FileName = "notes.json";

    private const int Largest = 1 << 20;

    /// <summary>Words to find the run by, in order.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    /// <summary>A text; null without one.</summary>
    public string? Note { get; init; }

    /// <summary>What is said of a run; nothing where nobody has said anything.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="problem">Why it cannot be read; null where it can.</param>
    public static RunNotes Read(string folder, out string? problem)
    {
        problem = null;
        var file = Path.Combine(folder, FileName);
        try
        {
            var notes = JsonSerializer.Deserialize(RegularFile.ReadAllBytes(file, Largest), ResultsJson.Indented.RunNotes);
            return notes is null || notes.Tags.Any(tag => tag is null) ? throw new JsonException("It has null where a text is expected.") : notes;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new RunNotes();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            problem = $"{file}: cannot be read: {failure.Message}";
            return new RunNotes();
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="RecorderException">It cannot be written.</exception>
    public void Write(string folder) => WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, ResultsJson.Indented.RunNotes));
}
