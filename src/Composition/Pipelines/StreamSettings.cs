using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Orchestrator.Composition;

/// <summary>
/// Seeds of named random streams; a stream that is not named follows the run's seed. Each name is a
/// stream that the engine draws from.
/// </summary>
public sealed record StreamSettings(
    [Description("The model's initial parameters.")][Range(0.0, 9.2e18)] long? Init = null,
    [Description("Which worker gets which samples.")][Range(0.0, 9.2e18)] long? Partition = null,
    [Description("The order of each worker's samples in each pass.")][Range(0.0, 9.2e18)] long? Batches = null,
    [Description("What a model draws for a batch, such as dropout.")][Range(0.0, 9.2e18)] long? Dropout = null,
    [Description("What a worker rule draws.")][Range(0.0, 9.2e18)] long? Rule = null,
    [Description("Compute times.")][Range(0.0, 9.2e18)] long? Compute = null,
    [Description("Added delays.")][Range(0.0, 9.2e18)] long? Delay = null,
    [Description("Network times.")][Range(0.0, 9.2e18)] long? Network = null,
    [Description("The batches that statistics of a model are taken on before it is tested.")][Range(0.0, 9.2e18)] long? Recalibration = null,
    [Description("Which training samples are kept for validation.")][Range(0.0, 9.2e18)] long? Validation = null)
{
    /// <summary>The streams' names, in the order of the parameters.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(StreamSettings).GetConstructors()[0].GetParameters().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name!))];

    /// <summary>Seeds by name, each of <see cref="Names"/>.</summary>
    public static StreamSettings Of(IReadOnlyDictionary<string, long> seeds)
    {
        return new StreamSettings(At("init"), At("partition"), At("batches"), At("dropout"), At("rule"), At("compute"), At("delay"), At("network"), At("recalibration"), At("validation"));

        long? At(string name) => seeds.TryGetValue(name, out var seed) ? seed : null;
    }

    /// <summary>The seeds that are given, by the stream's name.</summary>
    public IReadOnlyDictionary<string, long> Seeds => new[] { Init, Partition, Batches, Dropout, Rule, Compute, Delay, Network, Recalibration, Validation }
        .Zip(Names).Where(pair => pair.First is not null).ToDictionary(pair => pair.Second, pair => pair.First!.Value);
}
