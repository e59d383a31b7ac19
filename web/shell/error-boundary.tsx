import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Failed } from '../ui/states.tsx'

/** Keeps a screen that broke from taking the rest with it; another try mounts it anew. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack)
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return <Failed error={error} retry={() => this.setState({ error: null })} />
  }
}
