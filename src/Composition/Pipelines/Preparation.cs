using System.Text;

namespace Orchestrator.Composition;

/// <summary>Handles the keys that are not settings of the run, and the defaults that depend on other things than their own key.</summary>
internal static class Preparation
{
    private const string NameKey = "name";
    private const string EvaluationKey = "evaluation";
    private const int LongestName = 64;

    /// <summary>Changes the document for binding; returns the <c>telemetry</c> object, if there is one.</summary>
    public static ObjectNode? Apply(ObjectNode document, string path, Mistakes mistakes)
    {
        document.Members.Remove(DocumentType.SchemaKey);
        if (document.Members.Remove(DocumentType.SweepKey, out var sweep))
        {
            mistakes.Add(sweep.Origin, DocumentType.SweepKey, "this version runs one experiment at a time; remove the key and run the file once per value with --set path=value");
        }

        Name(document, path, mistakes);
        Evaluation(document);
        Schedule(document, mistakes);
        if (!document.Members.Remove(DocumentType.TelemetryKey, out var telemetry))
        {
            return null;
        }

        if (telemetry is not ObjectNode)
        {
            mistakes.Add(telemetry.Origin, DocumentType.TelemetryKey, $"{Mistakes.Quote(telemetry)} is {telemetry.Noun}; an object is expected");
        }

        return telemetry as ObjectNode;
    }

    private static void Name(ObjectNode document, string path, Mistakes mistakes)
    {
        switch (document[NameKey])
        {
            case null:
                document[NameKey] = new TextNode(Origin.Default, FromFile(path));
                break;
            case TextNode name when name.Value.Length is 0 or > LongestName || !name.Value.All(IsAllowed) || name.Value[0] == '.':
                mistakes.Add(name.Origin, NameKey, $"{Mistakes.Quote(name)} cannot name a folder; 1 to {LongestName} characters of a-z, 0-9, '-', '.', '_' are allowed, not starting with a dot");
                break;
        }
    }

    private static string FromFile(string path)
    {
        var name = new StringBuilder();
        foreach (var letter in (PipelineFile.NameOf(path) ?? "").ToLowerInvariant().Take(LongestName))
        {
            name.Append(IsAllowed(letter) ? letter : '-');
        }

        var trimmed = name.ToString().TrimStart('.');
        return trimmed.Length == 0 ? "pipeline" : trimmed;
    }

    private static void Evaluation(ObjectNode document)
    {
        const string Every = "every";
        document.Members.TryAdd(EvaluationKey, new ObjectNode(Origin.Default));
        if (document[EvaluationKey] is ObjectNode evaluation
            && !evaluation.Members.Any(m => m.Value is not NullNode && m.Key.StartsWith(Every, StringComparison.Ordinal)))
        {
            evaluation["everyEpochs"] = new NumberNode(Origin.Default, 1L);
        }
    }

    // A path is relative to the file that it is written in; on the command line, to the current folder.
    private static void Schedule(ObjectNode document, Mistakes mistakes)
    {
        if (document[DocumentType.ScheduleKey] is not TextNode { Value.Length: > 0 } path)
        {
            return;
        }

        try
        {
            var beside = path.Origin.Line > 0 ? Path.GetFullPath(Path.Combine(PipelineFile.FolderOf(path.Origin.Source), ".")) : null;
            document[DocumentType.ScheduleKey] = new TextNode(path.Origin, Path.TrimEndingDirectorySeparator(Path.GetFullPath(path.Value, beside ?? Environment.CurrentDirectory)));
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or NotSupportedException)
        {
            mistakes.Add(path.Origin, DocumentType.ScheduleKey, $"{Mistakes.Quote(path)} is no path: {failure.Message}");
        }
    }

    private static bool IsAllowed(char letter) => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.' or '_';
}
