using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orchestrator.Abstractions;

namespace Orchestrator.Fixtures;

public sealed record TinyDataOptions(
    [Description("Training samples.")][Range(1, 1_000_000)] int Train = 100,
    [Description("Classes.")][Range(1, 100)] int Classes = 2);

[Plugin("tiny")]
[Description("Samples that are never read.")]
internal sealed class TinyData(TinyDataOptions options) : IDataset
{
    public DatasetShape Describe(DataFolders folders) => new([4], [.. Enumerable.Range(0, options.Classes).Select(c => $"{c}")], options.Train, 10);

    public ILoadedDataset Load(DataFolders folders) => throw new DataException("The samples are never read.");
}

[JsonDerivedType(typeof(Dense), "dense")]
[JsonDerivedType(typeof(Relu), "relu")]
[JsonDerivedType(typeof(Residual), "residual")]
public abstract record Layer;

public sealed record Dense([Description("Outputs.")][Range(1, 1_000_000)] int Units, [Description("Adds a bias.")] bool Bias = true) : Layer;

public sealed record Relu : Layer;

public sealed record Residual([Description("What the input is added to.")] IReadOnlyList<Layer> Layers) : Layer;

public sealed record Start(
    [Description("Scale.")][Range(0.0, 10.0, MinimumIsExclusive = true)] double Scale, [Description("Shape.")] StartShape Shape = StartShape.HeavyTailed);

public enum StartShape
{
    Uniform = 3,
    HeavyTailed = 7,
}

public sealed record TinyModelOptions(
    [Description("From input to output.")] IReadOnlyList<Layer>? Layers = null,
    [Description("How parameters start.")] Start? Start = null,
    [Description("Dropped share.")][Range(0.0, 1.0, MaximumIsExclusive = true)] double? Dropout = null,
    [Description("A factor per layer.")][Range(0.0, 2.0)] IReadOnlyList<double>? Factors = null,
    [Description("A large whole number.")] long Salt = 5,
    [Description("A word.")] string Label = "tiny");

[Plugin("tiny")]
internal sealed class TinyModel(TinyModelOptions options) : IModel
{
    public IObjective Build(DatasetShape data)
    {
        var (tensors, offset, inputs) = (new List<NamedTensor>(), 0, data.SampleLength);
        for (var i = 0; i < (options.Layers?.Count ?? 0); i++)
        {
            if (options.Layers![i] is Residual)
            {
                throw new OptionException($"layers[{i}]", $"layer {i} (residual) does not fit its input [{inputs}]");
            }

            if (options.Layers[i] is Dense dense)
            {
                tensors.Add(new NamedTensor($"{i}.weight", [dense.Units, inputs], offset));
                offset = checked(offset + (dense.Units * inputs));
                inputs = dense.Units;
            }
        }

        return new TinyObjective(new ParameterLayout(tensors, []), $"{options.Label}/{options.Start?.Shape}");
    }

    private sealed class TinyObjective(ParameterLayout layout, string path) : IObjective
    {
        public ParameterLayout Layout { get; } = layout;

        public string KernelPath { get; } = path;

        public long ReplicaBytes(int largestBatch) => 4L * largestBatch;

        public void Initialize(Random random, Span<float> parameters, Span<float> buffers) => parameters.Clear();

        public IReplica CreateReplica(int largestBatch) => throw new NotSupportedException("It is never computed.");
    }
}
