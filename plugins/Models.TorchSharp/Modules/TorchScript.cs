using System.ComponentModel;
using System.Security.Cryptography;
using Orchestrator.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>What a TorchScript model is made of.</summary>
public sealed record TorchScriptOptions(
    [Description("A file that torch.jit.save wrote, scripted or traced; its path relative to the current folder.")][NamesFile] string File,
    [Description("What is minimised over its outputs: cross-entropy of raw scores, nll of log-probabilities, mse to the label's one-hot vector.")] ClassLoss Loss = ClassLoss.CrossEntropy,
    [Description("cpu, or cuda:N for the N-th CUDA device, with a libtorch that has CUDA.")] string Device = "cpu");

/// <summary>
/// Any PyTorch model that was exported as TorchScript. It begins with the file's parameters and
/// buffers; buffers of float32 (running statistics) travel with each push, and the newest stay at
/// the server; frozen parameters stay as in the file. Dropout draws from libtorch's generator,
/// seeded for each batch, one model at a time; a model that draws nothing takes no turns.
/// </summary>
[Description("A PyTorch model exported as TorchScript, with its own initial parameters.")]
[Plugin("torch-script")]
internal sealed class TorchScript(TorchScriptOptions options) : IModel
{
    public IObjective Build(DatasetShape data)
    {
        var device = TorchDevice.Open(options.Device);
        return ModuleObjective.Create(ScriptFile.Open(options.File), device, data, options.Loss);
    }
}

/// <summary>
/// A script's bytes, read once, so that all replicas are of one file whatever happens to it.
/// </summary>
internal sealed class ScriptFile(string name, byte[] bytes) : IModuleSource
{
    private const long Largest = 1L << 31;

    public string Name => name;

    public string Hash { get; } = $"script-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}";

    /// <summary>Reads a script and loads it once, to know that it is one.</summary>
    /// <exception cref="OptionException">There is no such file, or it is no
    /// TorchScript.</exception>
    public static ScriptFile Open(string file)
    {
        try
        {
            var entry = new FileInfo(file);
            var script = entry.Exists && entry.Length is > 0 and < Largest
                ? new ScriptFile(file, File.ReadAllBytes(file))
                : throw new OptionException("file", entry.Exists ? $"'{file}' has {entry.Length} bytes, which no TorchScript has." : $"there is no file '{file}'.");
            script.Create(CPU, 0).Module.Dispose();
            return script;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new OptionException("file", $"'{file}' cannot be read: {failure.Message}");
        }
        catch (System.Runtime.InteropServices.ExternalException failure)
        {
            throw new OptionException("file", $"'{file}' is no TorchScript that this libtorch reads (torch.jit.script or torch.jit.trace, then .save): {failure.Message.Split('\n')[0]}");
        }
    }

    public (nn.Module Module, Func<Tensor, Tensor> Forward) Create(torch.Device device, long seed)
    {
        var module = jit.load<Tensor, Tensor>(bytes, device.type, device.index);
        return (module, module.forward);
    }
}
