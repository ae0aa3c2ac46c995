using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// A pipeline, checked, with every default filled in. The parameters are the document's keys:
/// binding, the JSON schema and the reference are derived from them.
/// </summary>
public sealed record ResolvedPipeline(
    [Section(PluginKind.Dataset)][Description("Training and test samples.")][AlsoKnownAs("data")] PluginSection Dataset,
    [Section(PluginKind.Model)][Description("The model and its loss, and what computes it.")] ModelSettings Model,
    [Section(PluginKind.Optimizer)][Description("The server's update rule, its learning rate, schedules and corrections.")][AlsoKnownAs("optim")] OptimizerSettings Optimizer,
    [Description("When the run ends; the first limit that is reached counts.")] StopSettings Stop,
    [Description("1 to 64 of a-z, 0-9, dash, dot and underscore; the file's name when it is not given.")] string Name = "",
    [Description("Every random number of the run follows from it.")][Range(0.0, 9.2e18)][AlsoKnownAs("manualSeed", "randomSeed", "rngSeed")] long Seed = 1,
    [Section(PluginKind.Partitioner, "split-dataset")][Description("Which worker gets which training samples.")][AlsoKnownAs("sampler", "split")] PluginSection? Partitioner = null,
    [Section(PluginKind.Consistency, "asynchronous")][Description("What happens to an arriving push, and which workers go on.")] PluginSection? Consistency = null,
    [Section(PluginKind.Transport, "in-process")][Description("How work and results travel between server and worker hosts.")] PluginSection? Transport = null,
    [Description("virtual: delays are drawn, not slept, and the result is exact; wall: real time.")] ClockKind Clock = ClockKind.Virtual,
    [EmptyByDefault][Description("The workers, their batches and their delays.")] WorkerSettings? Workers = null,
    [EmptyByDefault][Description("When the server's parameters are tested.")] EvaluationSettings? Evaluation = null,
    [Description("A run folder whose recorded schedule is this run's timeline, relative to this file: the same pulls and arrivals at the same times; delays are not drawn.")][NamesFile] string? Schedule = null,
    [Description("Seeds of some named random streams that are not the run's seed: a factor of an experiment, such as other delays for the same batches.")] StreamSettings? Streams = null,
    [Description("Where the parameters start; absent: at the model's own initial values, drawn from the stream init.")][AlsoKnownAs("initialParameters", "initFrom", "pretrained", "weights")] InitialSettings? Initial = null,
    [Description("When parameters are kept in the run's folder, for landscape; the first are kept too. Outside the digest.")] SnapshotSettings? Snapshots = null)
{
    private static readonly ConstructorInfo Maker = typeof(ResolvedPipeline).GetConstructors()[0];

    private ResolvedPart[] parts = [];

    /// <summary>Never null: a pipeline that loaded has its defaults.</summary>
    public PluginSection Partitioner { get; } = Partitioner!;

    /// <inheritdoc cref="Partitioner"/>
    public PluginSection Consistency { get; } = Consistency!;

    /// <inheritdoc cref="Partitioner"/>
    public PluginSection Transport { get; } = Transport!;

    public WorkerSettings Workers { get; } = Workers!;

    public EvaluationSettings Evaluation { get; } = Evaluation!;

    /// <summary>
    /// The resolved document for people: every default filled in, in the order of the file.
    /// </summary>
    public string Json
    {
        get
        {
            var document = new ObjectNode(Origin.Default);
            foreach (var part in parts.Where(part => part.Value is not null))
            {
                document[part.Key] = part.Value;
            }

            return JsonText.Readable(document);
        }
    }

    /// <summary>
    /// The resolved document for machines: sorted keys, shortest numbers, without <c>telemetry</c>,
    /// which changes no result.
    /// </summary>
    public string CanonicalJson => field ??= Canonical(parts, part => part.Text);

    /// <summary>
    /// The first 12 hexadecimal digits of the SHA-256 of <see cref="CanonicalJson"/>.
    /// </summary>
    public string Id => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson)))[..12];

    /// <summary>
    /// What all runs of one cell have in common, canonical: the document without name, seed,
    /// streams and, on the virtual clock, transport, and with the contents of files in the place of
    /// their names.
    /// </summary>
    public string CellJson => Canonical(
        [.. parts.Where(part => part.Key is not ("name" or "seed" or DocumentType.StreamsKey) && (part.Key != "transport" || Clock != ClockKind.Virtual))], part => part.Content);

    /// <summary>
    /// Hexadecimal SHA-256 of <see cref="CellJson"/>: another one where a file that the document
    /// names holds something else.
    /// </summary>
    public string ContentHash => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CellJson)));

    /// <summary>
    /// The files and folders that the document names, each with the hash of what it held when the
    /// document was read.
    /// </summary>
    public IReadOnlyDictionary<string, string> NamedFiles => field ??= parts.SelectMany(part => part.Files).DistinctBy(file => file.Key).ToDictionary();

    /// <summary>Those of the given files that hold something else now.</summary>
    /// <param name="files">As <see cref="NamedFiles"/> had them.</param>
    public static IReadOnlyList<string> Changed(IReadOnlyDictionary<string, string> files) => [.. files.Where(file => FileContents.Now(file.Key) != file.Value).Select(file => file.Key)];

    /// <summary>Every section that names a plugin, in the order of the keys.</summary>
    public IEnumerable<PluginSection> Sections => ((PluginSection?[])
    [
        Dataset, Model.Model, Model.Backend, Partitioner, Optimizer.Rule, .. Optimizer.Schedules, .. Optimizer.Corrections, Consistency, Transport,
        Workers.Compute, Workers.Delay, Workers.Network, Workers.Rule, .. Workers.Overrides.SelectMany(o => new[] { o.Compute, o.Delay, o.Network }),
    ]).OfType<PluginSection>();

    /// <summary>Where <see cref="Schedule"/> was written; null without the key.</summary>
    public Origin? ScheduleOrigin => Schedule is null ? null : parts.First(part => part.Key == DocumentType.ScheduleKey).Value!.Origin;

    /// <summary>Where <see cref="Initial"/> was written; null without the key.</summary>
    public Origin? InitialOrigin => Initial is null ? null : parts.First(part => part.Key == DocumentType.InitialKey).Value!.Origin;

    /// <summary>How the run is exported; null without the key <c>telemetry</c>.</summary>
    public TelemetrySettings? Telemetry { get; private init; }

    /// <summary>
    /// The same experiment with another seed, and with seeds of its own for some streams.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <param name="streams">Seeds by the stream's name, those of <see cref="Streams"/> not
    /// included.</param>
    /// <exception cref="ArgumentException">There is no such stream.</exception>
    public ResolvedPipeline With(long seed, IReadOnlyDictionary<string, long> streams)
    {
        var all = new SortedDictionary<string, long>(Streams?.Seeds.ToDictionary() ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in streams)
        {
            all[StreamSettings.Names.Contains(name) ? name : throw new ArgumentException($"There is no stream '{name}'.", nameof(streams))] = value;
        }

        var list = new ObjectNode(Origin.Default);
        foreach (var (name, value) in all)
        {
            list[name] = new NumberNode(Origin.Default, value);
        }

        ResolvedPart[] changed = [.. parts];
        Put(changed, "seed", new NumberNode(Origin.Default, seed));
        Put(changed, DocumentType.StreamsKey, all.Count == 0 ? null : list);
        return Of(changed, Telemetry, setting => setting switch
        {
            "seed" => seed,
            DocumentType.StreamsKey => all.Count == 0 ? null : StreamSettings.Of(all),
            _ => parts.First(part => part.Key == setting).Settings,
        });
    }

    internal static ResolvedPipeline Of(IReadOnlyCollection<PipelinePart> all) => Of(
        [.. all.Select(part => new ResolvedPart(part.Key, part.Bound.Value, part.Bound.Settings, part.Bound.Text, part.Bound.Content, part.Bound.Files))],
        all.FirstOrDefault(part => part.Key == DocumentType.TelemetryKey)?.Bound.Settings as TelemetrySettings,
        null);

    private static ResolvedPipeline Of(ResolvedPart[] parts, TelemetrySettings? telemetry, Func<string, object?>? setting)
    {
        setting ??= key => parts.First(part => part.Key == key).Settings;
        var made = (ResolvedPipeline)Maker.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, [.. DocumentType.Root.Options.Select(option => setting(option.Name))], culture: null);
        return made with { parts = parts, Telemetry = telemetry };
    }

    private static void Put(ResolvedPart[] parts, string key, Node? value)
    {
        var at = Array.FindIndex(parts, part => part.Key == key);
        var text = value is null ? "" : JsonText.Canonical(value);
        parts[at] = parts[at] with { Value = value, Text = text, Content = text };
    }

    private static string Canonical(IEnumerable<ResolvedPart> parts, Func<ResolvedPart, string> text)
    {
        var json = new StringBuilder("{");
        foreach (var part in parts.Where(part => text(part).Length > 0).OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            json.Append(json.Length == 1 ? "\"" : ",\"").Append(part.Key).Append("\":").Append(text(part));
        }

        return json.Append('}').ToString();
    }

    /// <summary>One key of the document as it was bound.</summary>
    private sealed record ResolvedPart(string Key, Node? Value, object? Settings, string Text, string Content, IReadOnlyDictionary<string, string> Files);
}

/// <summary>Parameters that a run starts with.</summary>
public sealed record InitialSettings(
    [Description("A .safetensors file, or a run folder, whose final parameters are taken; relative to this file. Names and shapes are the model's; where the file has no buffers, such as batch-norm statistics, they start as the model's own.")][NamesFile] string From);

/// <summary>
/// Marks at which the server's parameters are kept, each at the first update at or past it; at
/// least one is given.
/// </summary>
public sealed record SnapshotSettings(
    [Description("Epochs between two snapshots.")][Range(0.0, 1e9, MinimumIsExclusive = true)] double? EveryEpochs = null,
    [Description("Updates between two snapshots.")][Range(1.0, 1e18)] long? EveryUpdates = null);

/// <summary>The optimizer and what every optimizer section has.</summary>
public sealed record OptimizerSettings(
    PluginSection Rule,
    [Description("Base learning rate.")][Range(0.0, 1e6, MinimumIsExclusive = true)][AlsoKnownAs("lr", "eta", "stepSize")] double LearningRate,
    [Description("Added to the gradient as this times the parameters.")][Range(0.0, 1e6)][AlsoKnownAs("wd", "l2", "l2Penalty")] double WeightDecay = 0,
    [Section(PluginKind.Schedule)][EmptyByDefault][Description("Factors of the learning rate over the epochs; several multiply.")][AlsoKnownAs("scheduler", "lrScheduler", "schedule")] IReadOnlyList<PluginSection>? Schedules = null,
    [Section(PluginKind.Correction)][EmptyByDefault][Description("Changes to an arriving gradient for its staleness, in this order.")][AlsoKnownAs("correction")] IReadOnlyList<PluginSection>? Corrections = null)
{
    public IReadOnlyList<PluginSection> Schedules { get; } = Schedules ?? [];

    public IReadOnlyList<PluginSection> Corrections { get; } = Corrections ?? [];
}

/// <summary>Limits of a run; at least one is given.</summary>
public sealed record StopSettings(
    [Description("Samples of applied pushes / training samples.")][Range(0.0, 1e9, MinimumIsExclusive = true)][AlsoKnownAs("numEpochs", "maxEpochs", "nEpochs")] double? Epochs = null,
    [Description("Passes of each worker over its own partition; where a push holds several batches, its last one may reach beyond.")][Range(1, 1_000_000_000)] int? Passes = null,
    [Description("Updates of the parameters.")][Range(1.0, 1e18)][AlsoKnownAs("steps", "maxSteps", "numSteps", "iterations", "iters")] long? Updates = null,
    [Description("Samples of applied pushes.")][Range(1.0, 1e18)] long? Samples = null,
    [Description("Seconds of the pipeline's clock.")][Range(0.0, 9e9, MinimumIsExclusive = true)] double? Seconds = null);

/// <summary>
/// Marks at which the server's parameters are tested, each at the first update at or past it; and
/// once at the end.
/// </summary>
public sealed record EvaluationSettings(
    [Description("Epochs between two evaluations; 1 when no other mark is given.")][Range(0.0, 1e9, MinimumIsExclusive = true)] double? EveryEpochs = null,
    [Description("Updates between two evaluations.")][Range(1.0, 1e18)][AlsoKnownAs("evalSteps", "evalInterval")] long? EveryUpdates = null,
    [Description("Seconds of the pipeline's clock between two evaluations.")][Range(0.0, 9e9, MinimumIsExclusive = true)] double? EverySeconds = null,
    [Description("Whether the initial parameters are tested too.")] bool AtStart = true,
    [Description("What else is evaluated, beside the test samples; absent: nothing.")] SetSettings? Sets = null,
    [Description("Whether each evaluation counts, for each set, what the samples of each class are taken for: a confusion matrix. It changes no result.")][AlsoKnownAs("confusionMatrix", "confusion", "classCounts")] bool? PerClass = null);

/// <summary>Sets of samples that are evaluated beside the test samples.</summary>
public sealed record SetSettings(
    [Description("Whether loss and accuracy on the training samples are taken too.")][AlsoKnownAs("training")] bool Train = false,
    [Description("Training samples that are kept from training, and evaluated; which ones is drawn from the stream validation.")][AlsoKnownAs("val", "valid", "dev", "holdOut")] ValidationSettings? Validation = null);

/// <summary>Which training samples are kept for validation: a share, or one of several folds.</summary>
public sealed record ValidationSettings(
    [Description("Share of the training samples, rounded to whole samples; or folds and fold are given.")][Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)][AlsoKnownAs("fraction", "ratio", "size", "split")] double? Share = null,
    [Description("Into how many parts the training samples are cut, whose sizes differ by one at most; one of them is kept.")][Range(2, 1_000_000)][AlsoKnownAs("k", "nSplits", "numFolds")] int? Folds = null,
    [Description("Which of the folds is kept, from 0; an axis of a sweep over it is k-fold cross-validation.")][Range(0, 999_999)] int? Fold = null)
{
    /// <summary>Where the samples that are kept lie in a random order of all.</summary>
    /// <param name="samples">Number of training samples, validation included.</param>
    /// <returns>The first place, and the place after the last.</returns>
    public (int From, int To) Places(int samples) => Share is { } share
        ? (0, (int)Math.Round(share * samples, MidpointRounding.AwayFromZero))
        : ((int)((long)samples * Fold!.Value / Folds!.Value), (int)((long)samples * (Fold.Value + 1) / Folds.Value));
}
