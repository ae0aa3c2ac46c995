using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>Where modules come from: equal ones, one for each replica.</summary>
internal interface IModuleSource
{
    /// <summary>What a message calls it, e.g. the file's name.</summary>
    string Name { get; }

    /// <summary>A hash of whatever its results depend on beyond libtorch.</summary>
    string Hash { get; }

    /// <summary>A new module on the device, and its way from inputs to outputs.</summary>
    /// <param name="device">Where its tensors are.</param>
    /// <param name="seed">Of the initial values of a module that draws them.</param>
    (nn.Module Module, Func<Tensor, Tensor> Forward) Create(torch.Device device, long seed);
}
