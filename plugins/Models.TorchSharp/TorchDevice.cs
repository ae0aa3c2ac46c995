using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Orchestrator.Abstractions;
using TorchSharp;

namespace Orchestrator.Models.TorchSharp;

/// <summary>A device of libtorch, known to be there.</summary>
internal sealed class TorchDevice
{
    private TorchDevice(string name, torch.Device device) => (Name, Device) = (name, device);

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Name { get; }

    public torch.Device Device { get; }

    /// <summary>
    /// libtorch's version, the device, and on the processor the vectors that it chooses its kernels
    /// by.
    /// </summary>
    public string KernelPath => $"torch/{torch.__version__}/{(Name == "cpu" ? $"cpu/{Vectors}" : Name[..4])}";

    private static string Vectors => Avx512BW.IsSupported && Avx512DQ.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : "default";

    /// <summary>Loads libtorch and looks for the device.</summary>
    /// <param name="name"><c>cpu</c> or <c>cuda:N</c>.</param>
    /// <exception cref="OptionException">libtorch or the device is not here, or the name is
    /// none.</exception>
    public static TorchDevice Open(string name)
    {
        var index = 0;
        var isCuda = name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index);
        if (name != "cpu" && !isCuda)
        {
            throw new OptionException("device", $"'{name}' is no device; cpu or cuda:N, such as cuda:0.");
        }

        return LibTorch.WhyNot is { } problem ? throw new OptionException("", problem) : Find(name, isCuda, index);
    }

    // TorchSharp's classes initialise themselves on first sight; this must be after libtorch is
    // loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TorchDevice Find(string name, bool isCuda, int index)
    {
        if (isCuda && !torch.cuda.is_available())
        {
            throw new OptionException("device", $"{name} is not here: this libtorch has no CUDA, or the system no driver; use cpu, or let {LibTorch.Variable} name a libtorch with CUDA.");
        }

        return isCuda && index >= torch.cuda.device_count()
            ? throw new OptionException("device", $"{name} is not here: there are {torch.cuda.device_count()} CUDA devices, cuda:0 the first.")
            : new TorchDevice(name, isCuda ? torch.device(DeviceType.CUDA, index) : torch.CPU);
    }
}
