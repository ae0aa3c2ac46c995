using System.Globalization;
using System.Reflection;
using System.Runtime.Intrinsics.X86;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Numerics;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>All that is known of a run before its folder is made.</summary>
/// <param name="Experiment">What the engine runs.</param>
/// <param name="Description">What <c>run.json</c> says of it.</param>
internal sealed record RunPreparation(Experiment Experiment, RunDescription Description)
{
    public static string ProgramVersion { get; } =
        typeof(RunPreparation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Whose samples are where.</summary>
    public PartitionSkew Skew => PartitionSkew.Of(Experiment.Partitions, Experiment.Data.Train.Labels, Experiment.Shape.Classes, Experiment.Data.Train.Count);

    /// <exception cref="RunRefusedException">The run cannot be as it was asked for.</exception>
    public static RunPreparation Prepare(ResolvedPipeline pipeline, RunOptions options)
    {
        options.Telemetry.CheckPort();
        options.Telemetry.WarmUp(pipeline.Telemetry);

        // Files are read beside the data; what comes of it is asked for below.
        var provenance = Task.Run(() => (Provenance.Program, Provenance.PluginsOf(pipeline)));
        var experiment = ExperimentBuilder.Build(pipeline, options.Data, options.Cores, options.SharedData);
        experiment = experiment with { Update = options.Watch?.Invoke(experiment.Update) ?? experiment.Update };
        options.Hosts.Check(experiment.Transport, pipeline.Transport.Name, options.HostStarter);
        var (schedule, source) = ScheduleOf(pipeline, experiment);
        foreach (var note in experiment.Data.Notes)
        {
            options.Console.Note($"{pipeline.Dataset.Name}: {note}");
        }

        if (experiment.Objective.Vectors is not null && X86Base.IsSupported && !Fma.IsSupported)
        {
            options.Console.Note("This processor has no fused multiply-add: the model's kernels compute it exactly, and some thirty times slower.");
        }

        // What a result is kept under was read before, and all else is read by now.
        (experiment.Objective as InitialParameters)?.Load();
        if (ResolvedPipeline.Changed(pipeline.NamedFiles) is { Count: > 0 } changed)
        {
            throw RunRefusedException.OfEdited(changed, "the pipeline was read; run the pipeline again.");
        }

        provenance.GetAwaiter().GetResult();
        experiment = experiment with { Session = SessionFacts.Describe(pipeline, experiment), Place = options.Hosts.Place, Schedule = schedule };
        var description = Describe(pipeline, experiment, options.Cores);
        return new RunPreparation(experiment, description with { Schedule = source, Options = description.Options.Concat(options.Labels).ToDictionary() });
    }

    public static RunDescription Describe(ResolvedPipeline pipeline, Experiment experiment, int cores) => new()
    {
        ProgramVersion = ProgramVersion,
        Program = Provenance.Program,
        Plugins = Provenance.PluginsOf(pipeline),
        KernelPath = experiment.Objective.KernelPath,
        DatasetFingerprint = experiment.Data.Fingerprint,
        Content = pipeline.ContentHash,
        IsVirtual = experiment.Clock == ClockKind.Virtual,
        Workers = experiment.Workers,
        Classes = experiment.Shape.Classes,
        ClassNames = RunDescription.NamesWorthKeeping(experiment.Shape.ClassNames),
        Options = new Dictionary<string, string> { ["threads"] = cores.ToString(CultureInfo.InvariantCulture) },
    };

    private static (RecordedSchedule? Schedule, ScheduleSource? Source) ScheduleOf(ResolvedPipeline pipeline, Experiment experiment)
    {
        if (pipeline.Schedule is null)
        {
            return (null, null);
        }

        var run = RunReader.Read(pipeline.Schedule) ?? throw new RunRefusedException($"{pipeline.Schedule}: it is no run folder.");
        var (schedule, source) = RunSchedules.Follow(run, experiment.Workers, [.. experiment.Absent.Except(AbsentFrom(run))]);
        var recorded = run.Document?.Run.DatasetFingerprint ?? "unknown";
        return recorded == experiment.Data.Fingerprint
            ? (schedule, source)
            : throw new RunRefusedException($"{run.Folder}: its schedule is of other data: the fingerprint was {recorded} and is {experiment.Data.Fingerprint}.");
    }

    // They have no pushes in its record.
    private static IEnumerable<int> AbsentFrom(RunEntry run) =>
        JsonNode.Parse(File.ReadAllBytes(Resumption.PipelineOf(run)))?["workers"]?["absent"] is JsonArray absent ? absent.Select(worker => (int)worker!) : [];
}
