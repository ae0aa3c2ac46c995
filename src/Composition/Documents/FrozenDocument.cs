namespace Orchestrator.Composition;

/// <summary>
/// A document as others read it later, wherever it lay: with its name, and with paths that were
/// relative to its files made absolute.
/// </summary>
internal static class FrozenDocument
{
    private const string NameKey = "name";

    /// <summary>The document as JSON.</summary>
    /// <param name="document">Merged, without its key <c>sweep</c>.</param>
    /// <param name="sweep">That key's value, its paths absolute; null without one.</param>
    /// <param name="source">The pipeline's file.</param>
    public static string Of(ObjectNode document, Node? sweep, string source)
    {
        var frozen = document.Clone();
        frozen[NameKey] = Preparation.Of(NameKey, document[NameKey], source, new Mistakes());
        foreach (var key in document.Members.Keys)
        {
            frozen[key] = Preparation.Paths(key, frozen[key], new Mistakes())!;
        }

        if (sweep is not null)
        {
            frozen[DocumentType.SweepKey] = sweep;
        }

        return JsonText.Readable(frozen);
    }
}
