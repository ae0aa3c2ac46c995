using System.ComponentModel;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using Orchestrator.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>Where a module of the user's is.</summary>
public sealed record TorchModuleOptions(
    [Description("A .NET assembly that references TorchSharp; its path relative to the current folder.")][NamesFile] string Assembly,
    [Description("Full name of a public class in it, derived from nn.Module<Tensor, Tensor>, whose constructor takes nothing, or the number of classes.")] string Class,
    [Description("What is minimised over its outputs: cross-entropy of raw scores, nll of log-probabilities, mse to the label's one-hot vector.")] ClassLoss Loss = ClassLoss.CrossEntropy,
    [Description("cpu, or cuda:N for the N-th CUDA device, with a libtorch that has CUDA.")] string Device = "cpu");

/// <summary>
/// A module written in C# against TorchSharp. It begins with what its constructor draws, from
/// libtorch's generator seeded by the run's stream, but for frozen parameters, which are of one seed
/// in all runs; otherwise as <see cref="TorchScript"/>.
/// </summary>
[Description("A module written in C# with TorchSharp, in an assembly of yours.")]
[Plugin("torch-module")]
internal sealed class TorchModule(TorchModuleOptions options) : IModel
{
    public IObjective Build(DatasetShape data)
    {
        var device = TorchDevice.Open(options.Device);
        return ModuleObjective.Create(ModuleClass.Find(options.Assembly, options.Class, data.Outputs), device, data, options.Loss);
    }
}

/// <summary>A class of a user's assembly.</summary>
internal sealed class ModuleClass(Type type, object[] arguments, string hash) : IModuleSource
{
    public string Name => type.FullName!;

    public string Hash => hash;

    /// <summary>Loads the assembly beside TorchSharp, so that both mean the same tensors.</summary>
    /// <exception cref="OptionException">There is no such assembly or class, or the class is no
    /// module that can be made.</exception>
    public static ModuleClass Find(string assembly, string name, int classes)
    {
        try
        {
            var path = Path.GetFullPath(assembly);
            var loaded = AssemblyLoadContext.GetLoadContext(typeof(nn.Module).Assembly)!.LoadFromAssemblyPath(path);
            var type = loaded.GetType(name) ?? throw new OptionException("class", $"'{assembly}' has no class '{name}'; it has {Modules(loaded)}.");
            if (!typeof(nn.Module<Tensor, Tensor>).IsAssignableFrom(type) || type.IsAbstract)
            {
                throw new OptionException("class", $"{name} is no class derived from nn.Module<Tensor, Tensor> that can be made; the assembly has {Modules(loaded)}.");
            }

            object[]? arguments = type.GetConstructor([typeof(int)]) is not null ? [classes] : type.GetConstructor(Type.EmptyTypes) is not null ? [] : null;
            var hash = $"module-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..12]}";
            return arguments is null
                ? throw new OptionException("class", $"{name} has no public constructor that takes nothing or one int, the number of classes.")
                : new ModuleClass(type, arguments, hash);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or BadImageFormatException or ArgumentException)
        {
            throw new OptionException("assembly", $"'{assembly}' cannot be loaded: {failure.Message}");
        }
    }

    public (nn.Module Module, Func<Tensor, Tensor> Forward) Create(torch.Device device, long seed)
    {
        var module = GlobalGenerator.Seeded(seed, Construct);
        return (module.to(device), module.forward);
    }

    private nn.Module<Tensor, Tensor> Construct()
    {
        try
        {
            return (nn.Module<Tensor, Tensor>)Activator.CreateInstance(type, arguments)!;
        }
        catch (TargetInvocationException failure)
        {
            throw new OptionException("class", $"the constructor of {Name} threw {failure.InnerException!.GetType().Name}: {failure.InnerException.Message}");
        }
    }

    private static string Modules(Assembly assembly)
    {
        var names = assembly.GetExportedTypes().Where(t => typeof(nn.Module<Tensor, Tensor>).IsAssignableFrom(t) && !t.IsAbstract).Select(t => t.FullName).Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? "no module" : string.Join(", ", names);
    }
}
