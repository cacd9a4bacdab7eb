// Licensed under the MIT License. See LICENSE in the project root for license information.
//
// A thin door to libtorch. Any ATen operator is called by its schema name through the dispatcher, boxed; what is not
// an operator (handles, gradients, seeds, threads) has a function of its own. Every function returns 0, or -1 and
// leaves a text for mt_error().

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/torch.h>

#include <string>
#include <unordered_map>
#include <vector>

namespace {

thread_local std::string last_error;

template <class F>
int guarded(F&& body) {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "unknown error in libtorch";
  }
  return -1;
}

enum Kind : int32_t { Default, None, OneTensor, Integer, Real, Truth, Integers, Reals, Tensors, Place, Text, Random };

struct Argument {
  int32_t kind;
  int32_t count;
  int64_t integer;
  double real;
  void* data;
};

at::Tensor& tensor(void* handle) { return *static_cast<at::Tensor*>(handle); }

void* handle(at::Tensor value) { return value.defined() ? new at::Tensor(std::move(value)) : nullptr; }

c10::Device place(int64_t code) {
  auto type = static_cast<c10::DeviceType>(code >> 32);
  auto index = static_cast<int8_t>(static_cast<int32_t>(code & 0xffffffff));
  return c10::Device(type, index);
}

c10::IValue value(const Argument& a) {
  switch (a.kind) {
    case OneTensor: return a.data ? c10::IValue(tensor(a.data)) : c10::IValue();
    case Integer: return c10::IValue(a.integer);
    case Real: return c10::IValue(a.real);
    case Truth: return c10::IValue(a.integer != 0);
    case Place: return c10::IValue(place(a.integer));
    case Text: return c10::IValue(std::string(static_cast<const char*>(a.data), a.count));
    case Random: return c10::IValue(*static_cast<at::Generator*>(a.data));
    case Integers: {
      auto first = static_cast<const int64_t*>(a.data);
      return c10::IValue(std::vector<int64_t>(first, first + a.count));
    }
    case Reals: {
      auto first = static_cast<const double*>(a.data);
      return c10::IValue(std::vector<double>(first, first + a.count));
    }
    case Tensors: {
      auto first = static_cast<void* const*>(a.data);
      std::vector<at::Tensor> list;
      for (int i = 0; i < a.count; i++) list.push_back(first[i] ? tensor(first[i]) : at::Tensor());
      return c10::IValue(std::move(list));
    }
    default: return c10::IValue();
  }
}

// An indexing operator takes a list of optional tensors; everything else takes what value() makes.
c10::IValue fitted(const c10::Argument& wanted, const Argument& given) {
  if (given.kind == Tensors) {
    auto list = wanted.type()->cast<c10::ListType>();
    if (list && list->getElementType()->kind() == c10::TypeKind::OptionalType) {
      c10::List<c10::optional<at::Tensor>> optional;
      auto first = static_cast<void* const*>(given.data);
      for (int i = 0; i < given.count; i++)
        optional.push_back(first[i] ? c10::optional<at::Tensor>(tensor(first[i])) : c10::nullopt);
      return c10::IValue(std::move(optional));
    }
  }
  return value(given);
}

void flatten(const c10::IValue& v, std::vector<void*>& out) {
  if (v.isTensor()) {
    out.push_back(handle(v.toTensor()));
  } else if (v.isTensorList()) {
    for (at::Tensor t : v.toTensorList()) out.push_back(handle(t));
  } else if (v.isTuple()) {
    for (const auto& e : v.toTupleRef().elements()) flatten(e, out);
  }
}

std::vector<at::Tensor> list(void** handles, int count) {
  std::vector<at::Tensor> tensors;
  for (int i = 0; i < count; i++) tensors.push_back(handles[i] ? tensor(handles[i]) : at::Tensor());
  return tensors;
}

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT const char* mt_error() { return last_error.c_str(); }

EXPORT int mt_operator(const char* name, const char* overload, void** op) {
  return guarded([&] {
    *op = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

// Results come back as new handles, the lists and tuples among them laid flat.
EXPORT int mt_call(void* op, const Argument* arguments, int count, void** results, int capacity, int* written) {
  return guarded([&] {
    auto& target = *static_cast<c10::OperatorHandle*>(op);
    const auto& wanted = target.schema().arguments();
    torch::jit::Stack stack;
    for (size_t i = 0; i < wanted.size(); i++) {
      bool given = i < static_cast<size_t>(count) && arguments[i].kind != Default;
      if (given) {
        stack.push_back(fitted(wanted[i], arguments[i]));
      } else {
        TORCH_CHECK(wanted[i].default_value().has_value(), target.schema().name(), " needs ", wanted[i].name());
        stack.push_back(*wanted[i].default_value());
      }
    }
    target.callBoxed(&stack);
    std::vector<void*> flat;
    for (const auto& v : stack) flatten(v, flat);
    TORCH_CHECK(flat.size() <= static_cast<size_t>(capacity), "more results than expected");
    std::copy(flat.begin(), flat.end(), results);
    *written = static_cast<int>(flat.size());
  });
}

EXPORT void mt_free(void* t) { delete static_cast<at::Tensor*>(t); }

EXPORT int mt_same(void* t, void** result) {
  return guarded([&] { *result = handle(tensor(t)); });
}

EXPORT int64_t mt_dimensions(void* t) { return tensor(t).dim(); }

EXPORT void mt_shape(void* t, int64_t* sizes) {
  auto s = tensor(t).sizes();
  std::copy(s.begin(), s.end(), sizes);
}

EXPORT int mt_strides(void* t, int64_t* strides) {
  return guarded([&] {
    auto s = tensor(t).strides();
    std::copy(s.begin(), s.end(), strides);
  });
}

EXPORT int64_t mt_elements(void* t) { return tensor(t).numel(); }

EXPORT int32_t mt_type(void* t) { return static_cast<int32_t>(tensor(t).scalar_type()); }

EXPORT int64_t mt_device(void* t) {
  auto d = tensor(t).device();
  return (static_cast<int64_t>(d.type()) << 32) | static_cast<uint32_t>(static_cast<int32_t>(d.index()));
}

EXPORT int mt_contiguous(void* t) { return tensor(t).is_contiguous() ? 1 : 0; }

EXPORT int mt_data(void* t, void** data) {
  return guarded([&] { *data = tensor(t).data_ptr(); });
}

EXPORT int mt_requires_grad(void* t) { return tensor(t).requires_grad() ? 1 : 0; }

EXPORT int mt_set_requires_grad(void* t, int value) {
  return guarded([&] { tensor(t).set_requires_grad(value != 0); });
}

EXPORT int mt_leaf(void* t) { return tensor(t).is_leaf() ? 1 : 0; }

EXPORT int mt_retain_grad(void* t) {
  return guarded([&] { tensor(t).retain_grad(); });
}

EXPORT int mt_grad(void* t, void** grad) {
  return guarded([&] { *grad = handle(tensor(t).grad()); });
}

EXPORT int mt_set_grad(void* t, void* grad) {
  return guarded([&] { tensor(t).mutable_grad() = grad ? tensor(grad) : at::Tensor(); });
}

EXPORT int mt_backward(void** outputs, int n, void** grads, int m, int retain, int create, void** inputs, int k) {
  return guarded([&] {
    torch::autograd::backward(list(outputs, n), list(grads, m), retain != 0, create != 0, list(inputs, k));
  });
}

EXPORT int mt_gradients(void** outputs, int n, void** inputs, int k, void** grads, int m, int retain, int create,
                        int unused, void** results) {
  return guarded([&] {
    auto found = torch::autograd::grad(
        list(outputs, n), list(inputs, k), list(grads, m), retain != 0, create != 0, unused != 0);
    for (int i = 0; i < k; i++) results[i] = handle(found[i]);
  });
}

EXPORT int mt_grad_enabled() { return at::GradMode::is_enabled() ? 1 : 0; }

EXPORT void mt_set_grad_enabled(int value) { at::GradMode::set_enabled(value != 0); }

EXPORT int mt_seed(int64_t seed) {
  return guarded([&] { torch::manual_seed(static_cast<uint64_t>(seed)); });
}

EXPORT int mt_generator(uint64_t seed, int64_t device, void** generator) {
  return guarded([&] {
    TORCH_CHECK(place(device).is_cpu(), "generators are on the CPU only");
    *generator = new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed));
  });
}

EXPORT int mt_generator_seed(void* generator, int64_t seed) {
  return guarded([&] { static_cast<at::Generator*>(generator)->set_current_seed(static_cast<uint64_t>(seed)); });
}

EXPORT int mt_generator_state(void* generator, void** state) {
  return guarded([&] { *state = handle(static_cast<at::Generator*>(generator)->get_state()); });
}

EXPORT int mt_generator_set_state(void* generator, void* state) {
  return guarded([&] { static_cast<at::Generator*>(generator)->set_state(tensor(state)); });
}

EXPORT void mt_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

EXPORT int mt_threads() { return at::get_num_threads(); }

EXPORT int mt_set_threads(int count) {
  return guarded([&] { at::set_num_threads(count); });
}

// Which roundings a product on CUDA may add: 0 is tf32, 1 is the sum of halves in halves.
EXPORT int mt_matmul_allows(int which) {
  at::Context& context = at::globalContext();
  return which == 0 ? context.allowTF32CuBLAS() : context.allowFP16ReductionCuBLAS();
}

EXPORT void mt_set_matmul_allows(int which, int value) {
  at::Context& context = at::globalContext();
  if (which == 0) context.setAllowTF32CuBLAS(value != 0);
  else context.setAllowFP16ReductionCuBLAS(value != 0);
}

EXPORT int mt_cuda_devices() {
  try {
    return torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  } catch (...) {
    return 0;
  }
}

EXPORT int mt_cuda_synchronize(int64_t index) {
  return guarded([&] { torch::cuda::synchronize(index); });
}
