namespace Orchestrator.Composition;

/// <summary>
/// One key of a pipeline's document, as it is after some overrides. Parts that nothing changed are
/// shared, so that each is bound and checked once.
/// </summary>
internal sealed class PipelinePart
{
    private readonly PartBinder binder;
    private readonly IReadOnlyList<Mistake> misplaced;
    private readonly Dictionary<Override, PipelinePart> next = [];

    private PipelinePart(string key, Node? raw, IReadOnlyList<Mistake> misplaced, PartBinder binder)
    {
        (Key, Raw, this.misplaced, this.binder) = (key, raw, misplaced, binder);
        Number = binder.NextNumber();
    }

    public PipelinePart(string key, Node? raw, PartBinder binder) : this(key, raw, [], binder) { }

    public string Key { get; }

    /// <summary>As it was written; null where it is absent.</summary>
    public Node? Raw { get; }

    /// <summary>One for each part of one binder.</summary>
    public int Number { get; }

    /// <summary>Checked by itself, with every default filled in.</summary>
    public BoundPart Bound => field ??= binder.Bind(this, misplaced);

    /// <summary>This part with an override laid over it.</summary>
    public PipelinePart With(Override over)
    {
        if (!next.TryGetValue(over, out var part))
        {
            var mistakes = new Mistakes();
            var raw = over.Over(Raw, mistakes);
            next.Add(over, part = new PipelinePart(Key, raw, [.. misplaced, .. mistakes.ToList()], binder));
        }

        return part;
    }
}

/// <summary>A part that has been bound.</summary>
/// <param name="Value">Canonical; null where the key is left out, or wrong.</param>
/// <param name="Settings">As the resolved pipeline holds it.</param>
/// <param name="Mistakes">What is wrong with values.</param>
/// <param name="Refusals">What plugins say of their options.</param>
/// <param name="Instances">One instance of each plugin, by the section's path.</param>
/// <param name="Text">Canonical JSON; empty where the key is left out.</param>
/// <param name="Content">The same with the contents of files instead of their names.</param>
/// <param name="Files">The hash of each file that it names, by the name.</param>
internal sealed record BoundPart(
    Node? Value, object? Settings, IReadOnlyList<Mistake> Mistakes, IReadOnlyList<Mistake> Refusals, IReadOnlyDictionary<string, object> Instances, string Text, string Content,
    IReadOnlyDictionary<string, string> Files);

/// <summary>Binds parts of one document.</summary>
/// <param name="catalog">The plugins.</param>
/// <param name="file">The pipeline's file.</param>
/// <param name="owner">What a mistake points at where a key is missing.</param>
internal sealed class PartBinder(PluginCatalog catalog, string file, Node owner)
{
    private readonly Materializer materializer = new(catalog);
    private readonly FileContents contents = new();
    private int numbers;

    public int NextNumber() => numbers++;

    public BoundPart Bind(PipelinePart part, IReadOnlyList<Mistake> misplaced)
    {
        var (mistakes, refusals) = (new Mistakes(), new Mistakes());
        mistakes.Add(misplaced);
        var prepared = Preparation.Of(part.Key, part.Raw, file, mistakes);
        var binder = new ValueBinder(catalog, mistakes);
        if (part.Key == DocumentType.TelemetryKey)
        {
            return Telemetry(prepared, binder, mistakes);
        }

        if (DocumentType.Root.Find(part.Key) is not { } option)
        {
            // Its name is a mistake of the document.
            return new BoundPart(null, null, mistakes.ToList(), [], new Dictionary<string, object>(), "", "", new Dictionary<string, string>());
        }

        var value = Preparation.Finish(part.Key, binder.Key(prepared, option, owner));
        var instances = new Instances(catalog.Loader, new ObjectNode(owner.Origin) { [part.Key] = part.Raw ?? owner }, refusals);
        foreach (var section in binder.Sections)
        {
            instances.Create(section);
        }

        var right = mistakes.Any ? null : value;
        return new BoundPart(
            value,
            right is null ? null : materializer.Key(option, right),
            mistakes.ToList(),
            refusals.ToList(),
            instances.ByPath,
            right is null ? "" : JsonText.Canonical(right),
            right is null ? "" : JsonText.Canonical(contents.Instead(right, binder.Files)),
            contents.Of(binder.Files));
    }

    private static BoundPart Telemetry(Node? prepared, ValueBinder binder, Mistakes mistakes)
    {
        if (prepared is not (null or NullNode or ObjectNode))
        {
            mistakes.Add(prepared.Origin, DocumentType.TelemetryKey, $"{Mistakes.Quote(prepared)} is {prepared.Noun}; an object is expected");
        }

        var value = prepared is ObjectNode given ? binder.Record(given, DocumentType.Telemetry, DocumentType.TelemetryKey) : null;
        if (value?[DocumentType.EndpointKey] is TextNode endpoint && TelemetrySettings.Address(endpoint.Value) is null)
        {
            mistakes.Add(
                endpoint.Origin,
                PathText.Member(DocumentType.TelemetryKey, DocumentType.EndpointKey),
                $"{Mistakes.Quote(endpoint)} is no absolute http or https address; for example http://localhost:4317");
        }

        var settings = value is null ? null : new Materializer().Record(DocumentType.Telemetry, value, typeof(TelemetrySettings));
        return new BoundPart(value, settings, mistakes.ToList(), [], new Dictionary<string, object>(), "", "", new Dictionary<string, string>());
    }
}
