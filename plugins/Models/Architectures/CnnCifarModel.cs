using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("The EPFL study's CNN2 for CIFAR, 2.1 million parameters.")]
[Plugin("cnn-cifar")]
internal sealed class CnnCifarModel(CnnCifar architecture) : NetworkModel(architecture);
