using System.Text;

namespace Orchestrator.Composition;

/// <summary>
/// Defaults that depend on other things than their own key, and values that are not taken as they
/// were written.
/// </summary>
internal static class Preparation
{
    private const string NameKey = "name";
    private const string EvaluationKey = "evaluation";
    private const string WorkersKey = "workers";
    private const string AbsentKey = "absent";
    private const int LongestName = 64;

    /// <summary>A key's value as it is bound.</summary>
    /// <param name="key">Which.</param>
    /// <param name="raw">As it was written; it is not changed.</param>
    /// <param name="file">The pipeline's file.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public static Node? Of(string key, Node? raw, string file, Mistakes mistakes) => key switch
    {
        NameKey => Name(raw, file, mistakes),
        EvaluationKey => Evaluation(raw),
        _ => Paths(key, raw, mistakes),
    };

    /// <summary>A key's value with the paths in it made absolute.</summary>
    public static Node? Paths(string key, Node? raw, Mistakes mistakes) => key switch
    {
        DocumentType.ScheduleKey => Beside(raw, DocumentType.ScheduleKey, mistakes),
        DocumentType.InitialKey => Initial(raw, mistakes),
        _ => raw,
    };

    /// <summary>
    /// A key's bound value as the document holds it: no stream named is as good as no key, no worker
    /// absent as good as none named, and to ask for nothing beside the test samples' figures as good
    /// as not to ask.
    /// </summary>
    public static Node? Finish(string key, Node? bound)
    {
        if (key == EvaluationKey && bound is ObjectNode evaluation)
        {
            foreach (var name in (string[])["sets", "perClass"])
            {
                if (AsksForNothing(evaluation[name]))
                {
                    evaluation.Members.Remove(name);
                }
            }
        }

        if (key == WorkersKey && bound is ObjectNode workers && workers[AbsentKey] is ArrayNode { Elements.Count: 0 })
        {
            workers.Members.Remove(AbsentKey);
        }

        return key == DocumentType.StreamsKey && bound is ObjectNode { Members.Count: 0 } ? null : bound;
    }

    private static Node? Initial(Node? raw, Mistakes mistakes)
    {
        if (raw is not ObjectNode given || given[DocumentType.FromKey] is null)
        {
            return raw;
        }

        var copy = (ObjectNode)given.Clone();
        copy[DocumentType.FromKey] = Beside(given[DocumentType.FromKey], PathText.Member(DocumentType.InitialKey, DocumentType.FromKey), mistakes);
        return copy;
    }

    private static bool AsksForNothing(Node? value) => IsAbsent(value) || (value is ObjectNode sets && sets.Members.Values.All(IsAbsent));

    private static bool IsAbsent(Node? value) => value is null or NullNode or BooleanNode { Value: false };

    private static Node Name(Node? raw, string file, Mistakes mistakes)
    {
        if (raw is TextNode name && (name.Value.Length is 0 or > LongestName || !name.Value.All(IsAllowed) || name.Value[0] == '.'))
        {
            mistakes.Add(name.Origin, NameKey, $"{Mistakes.Quote(name)} cannot name a folder; 1 to {LongestName} characters of a-z, 0-9, '-', '.', '_' are allowed, not starting with a dot");
        }

        return raw ?? new TextNode(Origin.Default, FromFile(file));
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

    private static Node Evaluation(Node? raw)
    {
        const string Every = "every";
        if (raw is not null && (raw is not ObjectNode given || given.Members.Any(m => m.Value is not NullNode && m.Key.StartsWith(Every, StringComparison.Ordinal))))
        {
            return raw;
        }

        var evaluation = (ObjectNode?)raw?.Clone() ?? new ObjectNode(Origin.Default);
        evaluation["everyEpochs"] = new NumberNode(Origin.Default, 1L);
        return evaluation;
    }

    /// <summary>
    /// The full path: a path is relative to the file that it is written in; on the command line, to
    /// the current folder.
    /// </summary>
    public static Node? Beside(Node? raw, string at, Mistakes mistakes)
    {
        if (raw is not TextNode { Value.Length: > 0 } path)
        {
            return raw;
        }

        try
        {
            var beside = path.Origin.Line > 0 ? Path.GetFullPath(Path.Combine(PipelineFile.FolderOf(path.Origin.Source), ".")) : null;
            return new TextNode(path.Origin, Path.TrimEndingDirectorySeparator(Path.GetFullPath(path.Value, beside ?? Environment.CurrentDirectory)));
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or NotSupportedException)
        {
            mistakes.Add(path.Origin, at, $"{Mistakes.Quote(path)} is no path: {failure.Message}");
            return raw;
        }
    }

    private static bool IsAllowed(char letter) => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.' or '_';
}
