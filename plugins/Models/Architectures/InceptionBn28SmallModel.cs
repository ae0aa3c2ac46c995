using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("MXNet's small inception network with batch-norm for 28x28 images, 1.7 million parameters.")]
[Plugin("inception-bn-28-small")]
internal sealed class InceptionBn28SmallModel(InceptionBn28Small architecture) : NetworkModel(architecture);
