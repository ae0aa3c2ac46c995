namespace Orchestrator.Composition;

/// <summary>
/// A pipeline with everything it extends, merged.
/// </summary>
internal sealed class DocumentSource(Mistakes mistakes)
{
    private const int LongestChain = 32;

    private readonly List<string> chain = [];

    /// <summary>
    /// The merged document without <c>extends</c>; null when there is nothing to go on with.
    /// </summary>
    public ObjectNode? Load(string path) => Read(path, new Origin(path), "");

    private ObjectNode? Read(string path, Origin askedAt, string askedPath)
    {
        var identity = Identity(path);
        if (chain.Contains(identity))
        {
            mistakes.Add(askedAt, askedPath, $"the chain of 'extends' comes back to {Mistakes.Quote(path)}; one of its files must not extend another");
            return null;
        }

        if (chain.Count == LongestChain)
        {
            mistakes.Add(askedAt, askedPath, $"the chain of 'extends' is longer than {LongestChain} files");
            return null;
        }

        chain.Add(identity);
        if (PipelineFile.Read(path, askedAt, askedPath, mistakes) is not { } bytes || DocumentReader.ReadFile(bytes, path, mistakes) is not { } root)
        {
            return null;
        }

        if (root is ObjectNode document)
        {
            return Extended(document, path);
        }

        mistakes.Add(root.Origin, "", $"a pipeline is one JSON object, this is {root.Noun} ({Mistakes.Quote(root)})");
        return null;
    }

    private ObjectNode? Extended(ObjectNode document, string path)
    {
        switch (document[DocumentType.ExtendsKey])
        {
            case null:
                return document;
            case TextNode { Value.Length: > 0 } named:
                var basePath = Path.Combine(PipelineFile.FolderOf(path), named.Value);
                if (Read(basePath, named.Origin, DocumentType.ExtendsKey) is not { } below)
                {
                    return null;
                }

                document.Members.Remove(DocumentType.ExtendsKey);
                Merge.Over(below, document);
                return below;
            case var other:
                mistakes.Add(other.Origin, DocumentType.ExtendsKey, $"the path of one pipeline file is expected, not {Mistakes.Quote(other)}");
                return null;
        }
    }

    private static string Identity(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Whatever is wrong with the path, reading it says so in its own words.
            return path;
        }
    }
}
