using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// What somebody meant who wrote a name that is none: what it is called elsewhere, a typing error,
/// or an option that stands somewhere else.
/// </summary>
internal static class Meant
{
    /// <summary>The end of a message, or nothing.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="types">What could stand there.</param>
    /// <param name="names">Their names.</param>
    /// <param name="isTop">Whether it stands at the top of the document, which is looked
    /// through.</param>
    public static string Suffix(string name, IReadOnlyList<RecordType> types, IReadOnlyList<string> names, bool isTop)
    {
        if (types.SelectMany(type => type.Options).FirstOrDefault(option => IsCalled(option, name)) is { } known)
        {
            return $"; '{name}' is '{known.Name}' here";
        }

        if (names.FirstOrDefault(other => Plain(other) == Plain(name)) is { } spelled)
        {
            return $"; did you mean '{spelled}'?";
        }

        return isTop && Elsewhere(name) is { } path ? $"; did you mean '{path}'?" : NearestMatch.Suffix(name, names);
    }

    // The document's own options; a plugin's stand with the plugin.
    private static string? Elsewhere(string name)
    {
        var queue = new Queue<(string Path, OptionType Type)>([("", DocumentType.Root)]);
        while (queue.TryDequeue(out var next))
        {
            var record = next.Type switch
            {
                RecordType own => own,
                SectionType { Common: { } common } => common,
                _ => null,
            };
            foreach (var option in record?.Options ?? [])
            {
                var path = PathText.Member(next.Path, option.Name);
                if (next.Path.Length > 0 && (Plain(option.Name) == Plain(name) || IsCalled(option, name)))
                {
                    return path;
                }

                queue.Enqueue((path, option.Type));
            }
        }

        return null;
    }

    private static bool IsCalled(OptionDescription option, string name) => option.OtherNames.Any(other => Plain(other) == Plain(name));

    // batch_size, batch-size and BatchSize are batchSize.
    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
