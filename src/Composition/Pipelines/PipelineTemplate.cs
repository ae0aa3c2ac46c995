using System.Text;

namespace Orchestrator.Composition;

/// <summary>
/// A pipeline's document before anything is bound, with what it extends and the command line's
/// values, from which pipelines are made that differ in some values. Parts that do not differ are
/// bound and checked once, so a thousand pipelines cost little more than what is different about
/// them. Not thread-safe.
/// </summary>
public sealed class PipelineTemplate
{
    private readonly PluginCatalog catalog;
    private readonly PipelineRequest request;
    private readonly ObjectNode document;
    private readonly PartBinder binder;
    private readonly PipelineChecks checks = new();
    private readonly OrderedDictionary<string, PipelinePart> parts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PipelinePart> absent = [];
    private readonly string file;
    private Node? sweepNode;

    // As the files have it, without the command line's values.
    private ObjectNode bare;

    private PipelineTemplate(string file, ObjectNode document, PluginCatalog catalog, PipelineRequest request)
    {
        (this.file, this.document, this.catalog, this.request, bare) = (file, document, catalog, request, document);
        binder = new PartBinder(catalog, file, new ObjectNode(document.Origin));
        foreach (var (key, value) in document.Members)
        {
            parts.Add(key, new PipelinePart(key, value, binder));
        }
    }

    /// <summary>What the key <c>sweep</c> holds; null without one.</summary>
    public SweepSettings? Sweep { get; private init; }

    /// <summary>
    /// The whole document as JSON, what it extends and the command line's values included, for
    /// whoever makes the same pipelines of it later, elsewhere.
    /// </summary>
    public string Frozen => FrozenDocument.Of(document, sweepNode, file);

    /// <summary>
    /// Reads and merges a pipeline's file. Never throws for what a file or an argument holds.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="request">What else is known.</param>
    /// <param name="mistakes">What is wrong with the file, or with its key <c>sweep</c>.</param>
    /// <returns>Null where there is nothing to go on with.</returns>
    public static PipelineTemplate? Read(string path, PluginCatalog catalog, PipelineRequest request, out IReadOnlyList<Mistake> mistakes)
    {
        var found = new Mistakes();
        if (new DocumentSource(found).Load(path) is not { } document)
        {
            mistakes = found.ToList();
            return null;
        }

        var bare = request.Sets.Count > 0 ? document.Clone() : document;
        var template = Make(path, With(document, request.Sets, found), catalog, request, found);
        template.bare = bare;
        mistakes = found.ToList();
        return template;
    }

    /// <summary>
    /// The same mistakes; those that values of the command line make are theirs, not the file's.
    /// </summary>
    private IReadOnlyList<Mistake> Blamed(IReadOnlyList<Mistake> mistakes) => SetBlame.Of(mistakes, request.Sets, sets =>
    {
        var found = new Mistakes();
        found.Add(Make(file, With(bare.Clone(), sets, found), catalog, request, found).Check([]).Mistakes);
        return found.ToList();
    });

    private static ObjectNode With(ObjectNode document, IReadOnlyList<string> sets, Mistakes mistakes)
    {
        foreach (var set in sets)
        {
            SetArgument.Apply(document, set, mistakes);
        }

        return document;
    }

    /// <summary>The template that another one's <see cref="Frozen"/> text stands for.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What mistakes name.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="request">What else is known; its values, axes and seeds are in the text
    /// already.</param>
    /// <param name="mistakes">What is wrong with it.</param>
    /// <returns>Null where there is nothing to go on with.</returns>
    public static PipelineTemplate? Thaw(string json, string source, PluginCatalog catalog, PipelineRequest request, out IReadOnlyList<Mistake> mistakes)
    {
        var found = new Mistakes();
        var template = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(json), source, found) is ObjectNode document ? Make(source, document, catalog, request, found) : null;
        mistakes = found.ToList();
        return template;
    }

    private static PipelineTemplate Make(string file, ObjectNode document, PluginCatalog catalog, PipelineRequest request, Mistakes mistakes)
    {
        document.Members.Remove(DocumentType.SchemaKey);
        document.Members.Remove(DocumentType.SweepKey, out var written);
        var sweep = SweepArguments.Over(written, request, mistakes) is { } asked ? SweepPaths.Absolute(asked) : null;
        return new PipelineTemplate(file, document, catalog, request) { Sweep = Bind(sweep, catalog, mistakes), sweepNode = sweep };
    }

    /// <summary>
    /// The pipeline with some values laid over it, in order. Never throws for what they or a
    /// plugin's options hold.
    /// </summary>
    public PipelineResult Resolve(IReadOnlyList<Override> overrides)
    {
        var result = Check(overrides);
        return overrides.Count == 0 && result.Mistakes.Count > 0 ? result with { Mistakes = Blamed(result.Mistakes) } : result;
    }

    private PipelineResult Check(IReadOnlyList<Override> overrides)
    {
        var own = With(overrides);
        var raw = new ObjectNode(document.Origin);
        foreach (var part in own.Values.Where(part => part.Raw is not null))
        {
            raw[part.Key] = part.Raw;
        }

        var mistakes = new Mistakes();
        new ValueBinder(catalog, mistakes).Unknown(raw);
        var isRight = !mistakes.Any;
        var instances = new Instances(catalog.Loader, raw, mistakes);
        foreach (var part in own.Values)
        {
            mistakes.Add(part.Bound.Mistakes);
            isRight &= part.Bound.Mistakes.Count == 0 || part.Key == DocumentType.TelemetryKey;
            instances.Add(part.Bound.Instances);
        }

        foreach (var part in own.Values)
        {
            mistakes.Add(part.Bound.Refusals);
        }

        if (!isRight)
        {
            return new PipelineResult(null, mistakes.ToList());
        }

        var resolved = ResolvedPipeline.Of(own.Values);
        var context = new CheckContext(resolved, request, raw, instances, mistakes);
        checks.Run(context, key => own[key].Number);
        return new PipelineResult(mistakes.Any ? null : resolved, mistakes.ToList())
        {
            Memory = context.Memory,
            Data = context.Data,
            Hints = overrides.Count == 0 && !mistakes.Any ? Hints.Of(context) : [],
        };
    }

    private OrderedDictionary<string, PipelinePart> With(IReadOnlyList<Override> overrides)
    {
        var own = new OrderedDictionary<string, PipelinePart>(Math.Max(parts.Count, DocumentType.Root.Options.Count) + overrides.Count, StringComparer.Ordinal);
        foreach (var (key, part) in parts)
        {
            own.Add(key, part);
        }

        foreach (var over in overrides)
        {
            var key = over.Steps[0];
            own[key] = (own.GetValueOrDefault(key) ?? Absent(key)).With(over);
        }

        foreach (var option in DocumentType.Root.Options)
        {
            if (!own.ContainsKey(option.Name))
            {
                own.Add(option.Name, Absent(option.Name));
            }
        }

        return own;
    }

    private PipelinePart Absent(string key)
    {
        if (!absent.TryGetValue(key, out var part))
        {
            absent.Add(key, part = new PipelinePart(key, null, binder));
        }

        return part;
    }

    private static SweepSettings? Bind(Node? sweep, PluginCatalog catalog, Mistakes mistakes)
    {
        if (sweep is null)
        {
            return null;
        }

        if (sweep is not ObjectNode given)
        {
            mistakes.Add(sweep.Origin, DocumentType.SweepKey, $"{Mistakes.Quote(sweep)} is {sweep.Noun}; an object is expected");
            return null;
        }

        var bound = new ValueBinder(catalog, mistakes).Record(given, DocumentType.Sweep, DocumentType.SweepKey);
        if (bound is null)
        {
            return null;
        }

        // What others published changes no run, and where it lies is nobody's question. What is kept
        // shows in the cells.
        var asked = bound.Clone();
        asked.Members.Remove("published");
        asked.Members.Remove(DocumentType.WhereKey);
        var settings = (SweepSettings)new Materializer(catalog).Record(DocumentType.Sweep, bound, typeof(SweepSettings));
        return settings with { Origin = given.Origin, CanonicalJson = JsonText.Canonical(asked) };
    }
}
