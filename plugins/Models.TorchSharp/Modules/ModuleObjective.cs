using System.Runtime.InteropServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>A module of somebody else's with a loss, known to fit the data.</summary>
internal sealed class ModuleObjective : IObjective
{
    // A core has two replicas.
    private const long AllocatorBytes = 64 << 20;

    private readonly IModuleSource source;
    private readonly TorchDevice device;
    private readonly DatasetShape data;
    private readonly ClassLoss loss;
    private readonly bool draws;
    private readonly long frozenBytes;

    private ModuleObjective(IModuleSource source, TorchDevice device, DatasetShape data, ClassLoss loss, ParameterLayout layout, bool draws, long frozenBytes) =>
        (this.source, this.device, this.data, this.loss, Layout, this.draws, this.frozenBytes) = (source, device, data, loss, layout, draws, frozenBytes);

    public ParameterLayout Layout { get; }

    public string KernelPath => $"{device.KernelPath}/{source.Hash}";

    /// <summary>
    /// Tries the module on two samples of zeros, in training and in evaluation, with its gradient,
    /// and on one, which a pass's last batch may be.
    /// </summary>
    /// <exception cref="OptionException">It does not take the data's samples, does not give one
    /// value per class (the message has both shapes), or has no gradient.</exception>
    public static ModuleObjective Create(IModuleSource source, TorchDevice device, DatasetShape data, ClassLoss loss)
    {
        if (data.Outputs < 1)
        {
            throw new OptionException("", "this model classifies, or predicts values; the dataset has neither classes nor values.");
        }

        if (data.Values > 0 && loss != ClassLoss.Mse)
        {
            throw new OptionException("loss", "is of classes, and the dataset has values to predict; mse is their loss.");
        }

        using var scope = NewDisposeScope();
        var (module, forward) = source.Create(device.Device, 0);
        using var owned = module;
        var layout = ModuleLayout.Of(module, source.Name);
        var inputs = zeros([2, .. data.Input.Select(size => (long)size)], device: device.Device);
        var (draws, samples) = (false, 2);
        try
        {
            module.train(true);
            draws = GlobalGenerator.IsUsedBy(() => forward(inputs).Dispose(), device.Device);
            module.train(false);
            for (; samples > 0; samples--)
            {
                CheckOutputs(source.Name, forward(inputs.narrow(0, 0, samples)), samples, data);
            }
        }
        catch (ExternalException refused)
        {
            throw new OptionException("", $"{source.Name} does not take {(samples == 1 ? "one sample" : "samples")} of shape [{string.Join(", ", data.Input)}]: {Cause.Of(refused)}");
        }

        var frozenBytes = module.parameters().Where(parameter => !parameter.requires_grad).Sum(parameter => parameter.numel() * parameter.element_size());
        var objective = new ModuleObjective(source, device, data, loss, layout, draws, frozenBytes);
        objective.TryGradient();
        return objective;
    }

    public void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        var (module, _) = source.Create(CPU, random.NextInt64());
        using var owned = module;
        ModuleLayout.Read(module, Layout, parameters, buffers);
    }

    public IReplica CreateReplica(int largestBatch)
    {
        var (module, forward) = source.Create(device.Device, 0);
        return new TorchReplica(new ModuleProgram(source.Name, module, forward, Layout, draws), device, data.Input, data.Outputs, data.Values > 0, loss, largestBatch);
    }

    // What a foreign module keeps between forward and backward is not known before it runs; its
    // parameters and inputs are. Frozen ones are there twice, with what they are reset to.
    public long ReplicaBytes(int largestBatch) => AllocatorBytes + (12L * Layout.Length) + (2 * frozenBytes) + (16L * largestBatch * data.SampleLength);

    private static void CheckOutputs(string name, Tensor outputs, int samples, DatasetShape data)
    {
        if (!outputs.shape.SequenceEqual([samples, data.Outputs]) || outputs.dtype != ScalarType.Float32)
        {
            throw new OptionException("", $"{name} gives {outputs.dtype} of shape [{string.Join(", ", outputs.shape)}] for {(samples == 1 ? "one sample" : "two samples")}; [{samples}, {data.Outputs}] of Float32 is needed, one value for each of the dataset's {(data.Values > 0 ? "values" : "classes")}.");
        }
    }

    // Batch norm wants two samples in training.
    private void TryGradient()
    {
        using var replica = CreateReplica(2);
        var batch = new Batch(new float[2 * data.SampleLength], data.Values > 0 ? [] : new int[2], 2, new float[2 * data.Values]);
        replica.Gradient(
            new float[Layout.Length], new float[Layout.BufferLength], batch, new RandomStreams(0).Open("trial"), new float[Layout.Length], new float[Layout.BufferLength]);
    }
}
