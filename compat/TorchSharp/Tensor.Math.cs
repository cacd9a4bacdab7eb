// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace TorchSharp;

public static partial class torch
{
    // One line an operator: the name is ATen's, too.
    public partial class Tensor
    {
        public Tensor abs() =>
            Native.Call("abs", this);

        public Tensor neg() =>
            Native.Call("neg", this);

        public Tensor exp() =>
            Native.Call("exp", this);

        public Tensor log() =>
            Native.Call("log", this);

        public Tensor sqrt() =>
            Native.Call("sqrt", this);

        public Tensor rsqrt() =>
            Native.Call("rsqrt", this);

        public Tensor sigmoid() =>
            Native.Call("sigmoid", this);

        public Tensor tanh() =>
            Native.Call("tanh", this);

        public Tensor relu() =>
            Native.Call("relu", this);

        public Tensor isfinite() =>
            Native.Call("isfinite", this);

        public Tensor isnan() =>
            Native.Call("isnan", this);

        public Tensor sin() =>
            Native.Call("sin", this);

        public Tensor cos() =>
            Native.Call("cos", this);

        public Tensor erf() =>
            Native.Call("erf", this);

        public Tensor square() =>
            Native.Call("square", this);

        public Tensor log2() =>
            Native.Call("log2", this);

        public Tensor floor() =>
            Native.Call("floor", this);

        public Tensor ceil() =>
            Native.Call("ceil", this);

        public Tensor silu() =>
            Native.Call("silu", this);

        public Tensor logical_not() =>
            Native.Call("logical_not", this);

        public Tensor sign() =>
            Native.Call("sign", this);

        public Tensor reciprocal() =>
            Native.Call("reciprocal", this);

        public Tensor log1p() =>
            Native.Call("log1p", this);

        public Tensor add(Tensor target) =>
            Native.Call("add.Tensor", this, target);

        public Tensor add(Scalar scalar) =>
            Native.Call("add.Scalar", this, scalar);

        public Tensor add_(Tensor target) =>
            Native.CallInPlace(this, "add_.Tensor", this, target);

        public Tensor add_(Scalar scalar) =>
            Native.CallInPlace(this, "add_.Scalar", this, scalar);

        public Tensor sub(Tensor target) =>
            Native.Call("sub.Tensor", this, target);

        public Tensor sub(Scalar target) =>
            Native.Call("sub.Scalar", this, target);

        public Tensor sub_(Tensor target) =>
            Native.CallInPlace(this, "sub_.Tensor", this, target);

        public Tensor sub_(Scalar target) =>
            Native.CallInPlace(this, "sub_.Scalar", this, target);

        public Tensor mul(Tensor target) =>
            Native.Call("mul.Tensor", this, target);

        public Tensor mul(Scalar target) =>
            Native.Call("mul.Scalar", this, target);

        public Tensor mul_(Tensor target) =>
            Native.CallInPlace(this, "mul_.Tensor", this, target);

        public Tensor mul_(Scalar target) =>
            Native.CallInPlace(this, "mul_.Scalar", this, target);

        public Tensor add(Tensor target, Scalar alpha) =>
            Native.Call("add.Tensor", this, target, alpha);

        public Tensor add_(Tensor target, Scalar alpha) =>
            Native.CallInPlace(this, "add_.Tensor", this, target, alpha);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Native.Call("div.Tensor_mode", this, target, Mode(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Native.Call("div.Scalar_mode", this, target, Mode(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Native.CallInPlace(this, "div_.Tensor_mode", this, target, Mode(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Native.CallInPlace(this, "div_.Scalar_mode", this, target, Mode(rounding_mode));

        public Tensor lerp(Tensor end, Tensor weight) =>
            Native.Call("lerp.Tensor", this, end, weight);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Native.CallInPlace(this, "addmm_", this, mat1, mat2, (double)beta, (double)alpha);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Native.CallInPlace(this, "addcmul_", this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Native.CallInPlace(this, "addcdiv_", this, tensor1, tensor2, value);

        public Tensor pow(Scalar exponent) =>
            Native.Call("pow.Tensor_Scalar", this, exponent);

        public Tensor pow(Tensor exponent) =>
            Native.Call("pow.Tensor_Tensor", this, exponent);

        public Tensor eq(Tensor target) =>
            Native.Call("eq.Tensor", this, target);

        public Tensor eq(Scalar target) =>
            Native.Call("eq.Scalar", this, target);

        public Tensor ne(Tensor target) =>
            Native.Call("ne.Tensor", this, target);

        public Tensor ne(Scalar target) =>
            Native.Call("ne.Scalar", this, target);

        public Tensor lt(Tensor target) =>
            Native.Call("lt.Tensor", this, target);

        public Tensor lt(Scalar target) =>
            Native.Call("lt.Scalar", this, target);

        public Tensor le(Tensor target) =>
            Native.Call("le.Tensor", this, target);

        public Tensor le(Scalar target) =>
            Native.Call("le.Scalar", this, target);

        public Tensor gt(Tensor target) =>
            Native.Call("gt.Tensor", this, target);

        public Tensor gt(Scalar target) =>
            Native.Call("gt.Scalar", this, target);

        public Tensor ge(Tensor target) =>
            Native.Call("ge.Tensor", this, target);

        public Tensor ge(Scalar target) =>
            Native.Call("ge.Scalar", this, target);

        public Tensor round(long decimals = 0) =>
            Native.Call("round.decimals", this, decimals);

        public Tensor clamp(Scalar min = null, Scalar max = null) =>
            Native.Call("clamp", this, min, max);

        public Tensor clamp_(Scalar min = null, Scalar max = null) =>
            Native.CallInPlace(this, "clamp_", this, min, max);

        public Tensor fill_(Scalar value) =>
            Native.CallInPlace(this, "fill_.Scalar", this, value);

        public Tensor zero_() =>
            Native.CallInPlace(this, "zero_", this).alias();

        public Tensor sqrt_() =>
            Native.CallInPlace(this, "sqrt_", this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) =>
            Native.CallInPlace(this, "copy_", this, source, nonBlocking);

        public Tensor set_(Tensor source) =>
            Native.CallInPlace(this, "set_.source_Tensor", this, source);

        public Tensor exp_() =>
            Native.CallInPlace(this, "exp_", this);

        public Tensor erf_() =>
            Native.CallInPlace(this, "erf_", this);

        public Tensor matmul(Tensor target) =>
            Native.Call("matmul", this, target);

        public Tensor mm(Tensor target) =>
            Native.Call("mm", this, target);

        public Tensor mv(Tensor target) =>
            Native.Call("mv", this, target);

        public Tensor bmm(Tensor batch2) =>
            Native.Call("bmm", this, batch2);

        public Tensor sum(ScalarType? type = null) =>
            Native.Call("sum", this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            Native.Call("sum.dim_IntList", this, new[] { dim }, keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            Native.Call("sum.dim_IntList", this, dim, keepdim, type);

        public Tensor mean() =>
            Native.Call("mean", this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Native.Call("mean.dim", this, dimensions, keepdim, type);

        public Tensor max() =>
            Native.Call("max", this);

        public Tensor min() =>
            Native.Call("min", this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            Pair(Native.CallForMany("max.dim", this, dim, keepdim));

        public Tensor amax(params long[] dims) =>
            Native.Call("amax", this, dims);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor @out = null) =>
            Native.Call("amax", this, dims, keepdim);

        public Tensor argmax(long dim, bool keepdim = false) =>
            Native.Call("argmax", this, dim, keepdim);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Pair(Native.CallForMany("topk", this, k, dim, largest, sorted));

        public Tensor all() =>
            Native.Call("all", this);

        public Tensor any() =>
            Native.Call("any", this);

        public Tensor cumsum(long dim, ScalarType? type = null) =>
            Native.Call("cumsum", this, dim, type);

        public Tensor norm(float p = 2f) =>
            Native.Call("norm.Scalar", this, (double)p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2f) =>
            Native.Call("norm.ScalarOpt_dim", this, (double)p, new[] { (long)dim }, keepdim);

        public Tensor softmax(long dim, ScalarType? dtype = null) =>
            Native.Call("softmax.int", this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) =>
            Native.Call("log_softmax.int", this, dim, dtype);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Native.Call("bucketize.Tensor", this, boundaries, outInt32, right);

        public Tensor bitwise_and(Tensor other) =>
            Native.Call("bitwise_and.Tensor", this, other);

        public Tensor bitwise_or(Tensor other) =>
            Native.Call("bitwise_or.Tensor", this, other);

        public Tensor bitwise_left_shift(Tensor other) =>
            Native.Call("bitwise_left_shift.Tensor", this, other);

        public Tensor bitwise_right_shift(Tensor other) =>
            Native.Call("bitwise_right_shift.Tensor", this, other);

        public Tensor masked_fill(Tensor mask, Scalar value) =>
            Native.Call("masked_fill.Scalar", this, mask, value);

        private static Value Mode(RoundingMode mode) => mode switch
        {
            RoundingMode.trunc => "trunc",
            RoundingMode.floor => "floor",
            _ => Value.None,
        };

        private static (Tensor, Tensor) Pair(Tensor[] tensors) => (tensors[0], tensors[1]);
    }
}
